import { createHash } from 'node:crypto';
import type { PublicRoom } from '@onsale/shared/http/room';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser } from '../../../test/browser.ts';
import { until } from '../../../test/until.ts';
import { bounds } from '../src/fan/bounds.ts';
import { ApiFan } from './api-fan.ts';
import { patienceMs, soon } from './patience.ts';
import type { SmallEvent } from './small-event.ts';
import {
  desktop,
  enter,
  expectAccessible,
  join,
  passTime,
  phone,
  placeOf,
  type Stage,
  startStage,
  type Visitor,
} from './stage.ts';

describeInBrowser('the waiting room in a browser', () => {
  let stage: Stage;
  let events = 0;
  let insiders = 0;
  type Room = NonNullable<SmallEvent['room']>;
  /** An event of the test's own, where one fan at a time may shop. */
  const newEvent = async (room: Room = {}): Promise<string> => {
    const id = `room-${++events}`;
    await stage.put(id, { units: 20, capacity: 1, room });
    return id;
  };
  const insider = (event: string): Promise<ApiFan> =>
    new ApiFan(stage.sale.gatewayUrl, event, ++insiders).enter();
  const visit = (event: string, viewport = phone, locale?: string): Promise<Visitor> =>
    stage.visit(`/events/${event}`, viewport, { sockets: true, ...(locale === undefined ? {} : { locale }) });
  const inLine = async (event: string): Promise<Visitor> => {
    const fan = await visit(event);
    await join(fan);
    await fan.shows('waiting');
    return fan;
  };
  const placeIs = (fan: Visitor, place: number): Promise<void> =>
    fan.page.locator(`[data-place="${place}"]`).waitFor();
  const publicRoom = async (event: string): Promise<PublicRoom> =>
    (await fetch(`${stage.sale.gatewayUrl}/api/v1/events/${event}/room`)).json() as Promise<PublicRoom>;

  beforeAll(async () => {
    stage = await startStage();
  });
  afterAll(() => stage?.stop());

  test('[PAGE-40] before the doors open: a countdown by the server’s clock, a place in order of arrival, and on by itself', async () => {
    const event = await newEvent({ opens_at: new Date(Date.now() + 3_600_000) });
    const first = await visit(event);
    await first.page.locator('[data-room="preOpening"]').waitFor();
    // A clock that is an hour slow counts down all the same.
    const slow = await stage.visit(`/events/${event}`, desktop, { sockets: true, clockOffsetMs: -3_600_000 });
    await slow.page.locator('[data-room="preOpening"]').waitFor();
    for (const fan of [first, slow]) {
      await soon(() => fan.page.getByRole('timer').textContent()).toMatch(/^(1:00:00|5\d:\d\d)$/);
      await expectAccessible(fan);
      await join(fan);
      await fan.shows('preOpening');
      await soon(() => fan.page.getByRole('timer').textContent()).toMatch(/^(1:00:00|5\d:\d\d)$/);
    }
    await placeIs(first, 1);
    await placeIs(slow, 2);
    await expectAccessible(slow);
    await stage.setRoom(event, { opensAtMs: Date.now() + 2_000 });
    await first.shows('offered');
    await slow.shows('waiting');
    await placeIs(slow, 1);
    await first.page.getByRole('button', { name: 'Enter now' }).click();
    await first.shows('shopping');
    expect([...first.faults, ...slow.faults]).toEqual([]);
    for (const fan of [first, slow]) await fan.close();
  });

  test('[PAGE-41] a draw: no place before the doors open, what proves it is there, and afterwards the place and the secret', async () => {
    const event = await newEvent({ order_mode: 'draw', opens_at: new Date(Date.now() + 3_600_000) });
    const { draw } = await publicRoom(event);
    const fans = [await visit(event), await visit(event)];
    for (const fan of fans) {
      await fan.page.getByRole('button', { name: 'Join the draw' }).click();
      await fan.shows('inDraw');
      await fan.page.getByText('How the draw can be checked').click();
      await fan.page.getByText(draw.commitment).waitFor();
      expect(await fan.page.locator('[data-step="inDraw"] [data-place]').count()).toBe(0);
      expect(await fan.page.title()).not.toMatch(/\d+ in line/);
    }
    const [fan, other] = fans as [Visitor, Visitor];
    await expectAccessible(fan);
    await fan.page.reload();
    await fan.shows('inDraw');
    await stage.setRoom(event, { opensAtMs: Date.now() + 1_500 });
    const drawn = await Promise.race(
      fans.map(async (one) => {
        await one.shows('offered');
        return one;
      }),
    );
    const behind = drawn === fan ? other : fan;
    await behind.shows('waiting');
    await placeIs(behind, 1);
    const card = behind.page.locator('[data-draw]');
    if ((await card.getAttribute('open')) === null)
      await behind.page.getByText('How the draw can be checked').click();
    const seed = await until(async () => (await publicRoom(event)).draw.seed, {
      what: 'the secret number',
      withinMs: patienceMs,
    });
    // The page asks for it again now and then.
    await passTime(behind, 2 * bounds.roomWhileWaitingMs);
    await behind.page.locator('[data-draw="revealed"]').waitFor();
    await behind.page.getByText(seed).waitFor();
    expect(createHash('sha256').update(Buffer.from(seed, 'hex')).digest('hex')).toBe(draw.commitment);
    expect([...fan.faults, ...other.faults]).toEqual([]);
    for (const one of fans) await one.close();
  });

  test('[PAGE-42] an invitation leads to its lane, from a link that leaves the address bar or by hand while waiting; others are told why', async () => {
    const event = await newEvent();
    const inside = await insider(event);
    const [link, byHand] = await stage.invite(event, 2);
    const general = await inLine(event);
    const late = await inLine(event);
    await placeIs(late, 2);
    const invited = await stage.visit(`/events/${event}#invitation=${link!.toLowerCase()}`);
    await invited.shows('event');
    await soon(() => invited.page.url()).not.toContain('invitation');
    await invited.page.locator('[data-invited]').waitFor();
    await expectAccessible(invited);
    await invited.page.reload();
    await join(invited);
    await invited.shows('waiting');
    await invited.page.locator('[data-lane="priority"]').waitFor();
    await placeIs(invited, 1);
    await expectAccessible(invited);

    await late.page.getByText('I have an invitation').click();
    await late.page.getByLabel('Code of your invitation').fill('NOT-A-CODE');
    await late.page.getByRole('button', { name: 'Use the invitation' }).click();
    await late.page.locator('.fault', { hasText: 'not known' }).waitFor();
    await late.page.getByLabel('Code of your invitation').fill(byHand!);
    await late.page.getByRole('button', { name: 'Use the invitation' }).click();
    await late.page.locator('[data-lane="priority"]').waitFor();
    await general.page.reload();
    await general.page.getByText('Why others may be let in before you').click();
    await general.page.getByText('holders of an invitation').waitFor();
    await expectAccessible(general);
    expect([...general.faults, ...invited.faults]).toEqual([]);
    await inside.leave();
    for (const fan of [general, late, invited]) await fan.close();
  });

  test('[PAGE-42] a room for invited fans asks for the code, and says what is wrong with it beside the field', async () => {
    const event = await newEvent({ identity: 'invitation' });
    const fan = await visit(event);
    await fan.page.getByText('for invited fans').waitFor();
    await fan.page.getByRole('button', { name: 'Get in line' }).click();
    await fan.page.locator('.fault', { hasText: 'enter the code' }).waitFor();
    await fan.page.getByLabel('Code of your invitation').fill('0000-0000');
    await fan.page.getByRole('button', { name: 'Get in line' }).click();
    await fan.page.locator('.fault', { hasText: 'not known' }).waitFor();
    await expectAccessible(fan);
    const [code] = await stage.invite(event, 1);
    await fan.page.getByLabel('Code of your invitation').fill(code!);
    await fan.page.getByRole('button', { name: 'Get in line' }).click();
    await enter(fan);
    await fan.close();
  });

  test('[PAGE-44] a message and a pause are told to who waits as they happen, in the language of the browser', async () => {
    const event = await newEvent();
    const inside = await insider(event);
    const fan = await inLine(event);
    const german = await visit(event, phone, 'de-AT');
    await join(german);
    await german.shows('waiting');
    // How soon the line tells it is its own promise (LINE-29); the page adds nothing: it hears, and does not ask.
    const asked: string[] = [];
    for (const { page } of [fan, german]) {
      await page.locator('[data-connection="live"]').waitFor();
      page.on('request', (request) => asked.push(request.url()));
    }
    const message = { en: 'The show starts later.', de: 'Beginn verschoben.' };
    await stage.patchRoom(event, { message });
    await fan.page.getByText(message.en).waitFor();
    await german.page.locator('[data-message="de"]', { hasText: message.de }).waitFor();
    await expectAccessible(german);
    await stage.patchRoom(event, { paused: true });
    await fan.shows('paused');
    await stage.patchRoom(event, { message: null, paused: false });
    await fan.shows('waiting');
    await soon(() => fan.page.locator('[data-message]').count()).toBe(0);
    expect(asked).toEqual([]);
    await inside.leave();
    for (const one of [fan, german]) await one.close();
  });

  test('[PAGE-45] more time in the shop is offered once, and said when it was given', async () => {
    const event = await newEvent({ session_ttl_ms: 120_000 });
    const fan = await visit(event);
    await join(fan);
    await enter(fan);
    await fan.page.locator('[data-renewal="offered"]').waitFor();
    await expectAccessible(fan);
    await fan.page.getByRole('button', { name: 'More time in the shop' }).click();
    await fan.page.locator('[data-renewal="given"]').waitFor();
    expect(await fan.page.getByRole('button', { name: 'More time in the shop' }).count()).toBe(0);
    await fan.page.reload();
    await fan.page.locator('[data-renewal="given"]').waitFor();
    expect(fan.faults).toEqual([]);
    await fan.close();
  });

  test('[PAGE-46] a turn that was missed leads back by a line of its own, and a place that was taken out is said to be', async () => {
    const event = await newEvent({ claim_window_ms: 1_000 });
    const inside = await insider(event);
    const fan = await inLine(event);
    await inside.leave();
    await fan.shows('lapsed');
    await fan.page.getByText('a line of their own').waitFor();
    await stage.setRoom(event, { paused: true });
    await fan.page.getByRole('button', { name: 'Get in line again' }).click();
    await fan.shows('paused');
    await fan.page.locator('[data-lane="returning"]').waitFor();
    await expectAccessible(fan);
    await stage.remove(event, await placeOf(fan, event));
    await fan.shows('removed');
    await expectAccessible(fan);
    await fan.close();
  });
});
