import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser } from '../../../test/browser.ts';
import { ApiFan } from './api-fan.ts';
import { soon } from './patience.ts';
import {
  desktop,
  enter,
  expectAccessible,
  join,
  phone,
  type Stage,
  startStage,
  type Visitor,
} from './stage.ts';

describeInBrowser('the line in a browser', () => {
  let stage: Stage;
  let events = 0;
  let insiders = 0;
  /** An event of the test's own, where one fan at a time may shop. */
  const newEvent = async (): Promise<string> => {
    const id = `small-${++events}`;
    await stage.put(id, { units: 20, capacity: 1 });
    return id;
  };
  const insider = (event: string): Promise<ApiFan> =>
    new ApiFan(stage.sale.gatewayUrl, event, ++insiders).enter();
  const inLine = async (event: string, viewport = phone): Promise<Visitor> => {
    const fan = await stage.visit(`/events/${event}`, viewport);
    await join(fan);
    await fan.shows('waiting');
    return fan;
  };
  const placeIs = (fan: Visitor, place: number): Promise<void> =>
    fan.page.locator(`[data-place="${place}"]`).waitFor();
  const connectionIs = (fan: Visitor, state: string): Promise<void> =>
    fan.page.locator(`[data-connection="${state}"]`).waitFor();

  beforeAll(async () => {
    stage = await startStage();
  });
  afterAll(() => stage?.stop());

  test('[PAGE-4] [PAGE-7] places move without a reload, and the turn is seen and heard of at once', async () => {
    const event = await newEvent();
    const inside = await insider(event);
    const [first, second, third] = [await inLine(event), await inLine(event, desktop), await inLine(event)];
    await placeIs(first, 1);
    await placeIs(third, 3);
    await connectionIs(third, 'live');
    await soon(() => third.page.title()).toMatch(/^3 in line/);
    await expectAccessible(third);

    await second.page.getByRole('button', { name: 'Leave the line' }).click();
    await second.page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await second.shows('event');
    await placeIs(third, 2);
    await soon(() => third.page.title()).toMatch(/^2 in line/);

    // At once is: told by the socket, and not found out by asking now and then.
    await connectionIs(first, 'live');
    const asked: string[] = [];
    first.page.on('request', (request) => {
      if (request.url().endsWith('/line/me')) asked.push(request.method());
    });
    await inside.leave();
    await first.shows('offered');
    expect(asked).toEqual([]);
    await soon(() => first.page.title()).toMatch(/^Your turn!/);
    await first.page.getByRole('alert').getByText('It is your turn').waitFor();
    await expectAccessible(first);
    await placeIs(third, 1);
    await first.page.getByRole('button', { name: 'Enter now' }).click();
    await first.shows('shopping');

    expect(await third.shown()).toEqual(['resuming', 'event', 'joining', 'waiting']);
    expect([...first.faults, ...second.faults, ...third.faults]).toEqual([]);
    for (const fan of [first, second, third]) await fan.close();
  });

  test('[PAGE-2] [PAGE-5] waiting: a reload keeps the place, a lost network is said, and it goes on by itself', async () => {
    const event = await newEvent();
    const inside = await insider(event);
    const [ahead, fan] = [await inLine(event), await inLine(event)];
    await fan.page.reload();
    await placeIs(fan, 2);
    await fan.context.setOffline(true);
    await connectionIs(fan, 'lost');
    await placeIs(fan, 2);
    await expectAccessible(fan);
    await inside.leave();
    await ahead.shows('offered');
    await ahead.page.reload();
    await ahead.shows('offered');
    await fan.context.setOffline(false);
    await placeIs(fan, 1);
    await connectionIs(fan, 'live');
    for (const one of [ahead, fan]) await one.close();
  });

  test('[PAGE-4] where sockets are barred the page polls, and the turn comes all the same', async () => {
    const event = await newEvent();
    const inside = await insider(event);
    const fan = await stage.visit(`/events/${event}`, phone, { sockets: false });
    await join(fan);
    await fan.shows('waiting');
    await connectionIs(fan, 'polling');
    await inside.leave();
    await fan.shows('offered');
    await fan.close();
  });

  test('[PAGE-5] paused and closed reach who waits; who comes to closed doors is told so', async () => {
    const event = await newEvent();
    const inside = await insider(event);
    const fan = await inLine(event);
    await stage.setRoom(event, { paused: true });
    await fan.shows('paused');
    await placeIs(fan, 1);
    await expectAccessible(fan);
    await stage.setRoom(event, { paused: false, open: false });
    await fan.shows('closedWhileWaiting');
    await expectAccessible(fan);
    const late = await stage.visit(`/events/${event}`);
    await late.page.locator('[data-room="closed"]').waitFor();
    await soon(() => late.page.getByRole('button', { name: 'Get in line' }).count()).toBe(0);
    await expectAccessible(late);
    await stage.setRoom(event, { open: true });
    await fan.shows('waiting');
    await join(late);
    await late.shows('waiting');
    await placeIs(late, 2);
    await inside.leave();
    await fan.shows('offered');
    for (const one of [fan, late]) await one.close();
  });

  test('[PAGE-5] a turn nobody takes lapses; the fan may join again, and with all turns spent is told so', async () => {
    const event = await newEvent();
    const inside = await insider(event);
    await stage.setRoom(event, { claimWindowMs: 1_000 });
    const fan = await inLine(event);
    await inside.leave();
    await fan.shows('lapsed');
    await expectAccessible(fan);
    await fan.page.reload();
    await fan.shows('lapsed');
    await stage.setRoom(event, { claimWindowMs: 60_000 });
    await fan.page.getByRole('button', { name: 'Get in line again' }).click();
    await leaveShop(fan);
    await join(fan);
    await fan.shows('turnsSpent');
    await expectAccessible(fan);
    await fan.close();
  });
});

async function leaveShop(fan: Visitor): Promise<void> {
  await enter(fan);
  await fan.page.getByRole('button', { name: 'Leave the shop' }).click();
  await fan.page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
  await fan.shows('event');
}
