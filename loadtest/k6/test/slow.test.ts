import { afterEach, expect, test, vi } from 'vitest';
import { type Door, openDoor } from '../../../gateway/test/door.ts';
import { until } from '../../../test/until.ts';
import { connectFrame, readFrame } from '../lib/frames.ts';
import { saidAtMs, stampOf } from '../lib/slow/stamp.ts';
import { connect } from '../lib/socket-io.ts';

vi.mock('k6/websockets', () => import('./k6-stand-in.ts'));

let door: Door | undefined;
afterEach(() => door?.close());

test('[RUN-47] what the operator says carries the moment at which he said it, and is read off every message that tells of the room', () => {
  const message = stampOf(1_234);
  expect(saidAtMs({ type: 'room', room: { message } })).toBe(1_234);
  expect(saidAtMs({ type: 'status', status: { room: { message } } })).toBe(1_234);
  expect(saidAtMs({ type: 'room', room: { message: null } })).toBeUndefined();
  expect(saidAtMs({ type: 'room', room: { message: { en: 'Doors open soon' } } })).toBeUndefined();
  expect(saidAtMs({ type: 'place', place: 3 })).toBeUndefined();
});

/** Long polling, as the script's slow ones do it (lib/slow/poller.ts): nothing is taken but when `read` is called. */
async function seldomReader(url: string, placeToken: string) {
  const path = `${url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(path)).text()).slice(1)) as { sid: string };
  await fetch(`${path}&sid=${sid}`, { method: 'POST', body: connectFrame({ v: 1, placeToken }) });
  return async (): Promise<number[]> => {
    const text = await (await fetch(`${path}&sid=${sid}`)).text();
    return text.split('\x1e').flatMap((packet) => {
      const frame = readFrame(packet);
      const said = frame.type === 'event' ? saidAtMs(frame.data) : undefined;
      return said === undefined ? [] : [said];
    });
  };
}

test('[RUN-47] sockets that nobody reads keep no news from the others, and whoever reads hears the latest and no pile of what came before', async () => {
  const open = await openDoor();
  door = open;
  let said = 1;
  await open.setRoom({ paused: true, message: stampOf(said) });
  const slow = [];
  for (let count = 0; count < 20; count += 1) {
    const read = await seldomReader(open.url, (await open.join()).placeToken);
    await until(async () => (await read()).includes(said), { what: 'he is greeted' });
    slow.push(read);
  }
  const heard: number[] = [];
  const { placeToken } = await open.join();
  const good = connect(
    open.url,
    { v: 1, placeToken },
    {},
    {
      onEvent: (_, data) => heard.push(...[saidAtMs(data)].filter((at) => at !== undefined)),
      onRefused: () => {},
      onLost: () => {},
    },
  );
  await until(() => heard.length > 0, { what: 'the good one is greeted' });

  while (said < 12) {
    said += 1;
    await open.setRoom({ paused: true, message: stampOf(said) });
    await until(() => heard.at(-1) === said, { what: `the good one hears number ${said}` });
  }
  expect(heard).toEqual(Array.from({ length: said }, (_, n) => n + 1));
  await Promise.all(
    slow.map(async (read) => {
      const told: number[] = [];
      while (told.at(-1) !== said) told.push(...(await read()));
      expect(told).toEqual([...told].sort((a, b) => a - b));
      expect(told.length, 'no pile').toBeLessThanOrEqual(2);
    }),
  );
  good.close();
});
