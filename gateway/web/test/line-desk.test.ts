import { limits } from '@onsale/shared/limits';
import type { OperatorRole } from '@onsale/shared/roles';
import { signToken } from '@onsale/shared/tokens/hmac';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser } from '../../../test/browser.ts';
import { wipePrefix } from '../../../test/redis.ts';
import { ApiFan } from './api-fan.ts';
import { atDesk, openDialog, openPart } from './desk.ts';
import { soon } from './patience.ts';
import { expectAccessible, join, phone, placeOf, type Stage, startStage } from './stage.ts';

const event = 'small';
const name = 'A Small Night';

describeInBrowser("the operator's desk of the line", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage();
    // Its doors were never open, so how its line is ordered is not settled.
    await stage.put(event, { name, units: 20, capacity: 1, room: { open: false } });
  });
  afterAll(() => stage?.stop());

  const tokenOf = (role: OperatorRole): string =>
    signToken(keyringOf(stage.sale.env.HMAC_KEYS!), 'operator', {
      name: role,
      role,
      expiresAtMs: Date.now() + limits.operatorTokenTtlMs,
    });
  test('[PAGE-48] order and schedule are set before the doors open, in the venue’s time, with a preview; afterwards the order is settled', async () => {
    const desk = await atDesk(stage, { event: name, part: 'Line', viewport: phone });
    const { page } = desk;
    await page.getByLabel('Doors open at').fill('2030-03-10T02:30');
    await page.locator('.fault', { hasText: 'put forward' }).waitFor();
    await soon(() => page.getByRole('button', { name: 'Save the schedule' }).isDisabled()).toBe(true);
    await page.getByLabel('Doors open at').fill('2030-05-22T10:00');
    await page.locator('[data-preview]', { hasText: 'May 22, 2030 at 10:00 AM PDT' }).waitFor();
    await page.getByLabel('Sale ends at').fill('2030-05-22T09:00');
    await page.locator('.fault', { hasText: 'after the opening' }).waitFor();
    await page.getByLabel('Sale ends at').fill('2030-05-23T09:00');
    await expectAccessible(desk);
    await page.getByRole('button', { name: 'Save the schedule' }).click();
    await page.locator('[data-change="savedClosed"], [data-change="inForce"]').waitFor();
    await page.getByLabel('Order of the line').selectOption('draw');
    await page
      .locator('form', { hasText: 'Order of the line' })
      .getByRole('button', { name: 'Apply' })
      .click();
    await page.locator('[data-draw="committed"]').waitFor();
    const commitment = await page.locator('[data-draw] code').textContent();
    expect(commitment).toMatch(/^[0-9a-f]{64}$/);
    await openDialog(desk, 'Draw a new secret number');
    await page.getByRole('dialog').getByRole('button', { name: 'Draw a new' }).click();
    await page.locator('[data-act="done"]').waitFor();
    await page.locator('[data-draw] code', { hasNotText: commitment! }).waitFor();
    await expectAccessible(desk);
    expect(desk.faults).toEqual([]);

    await stage.setRoom(event, { open: true });
    await page.locator('[data-doors="preOpening"]').first().waitFor();
    await page.getByLabel('Order of the line').selectOption('arrival');
    await page
      .locator('form', { hasText: 'Order of the line' })
      .getByRole('button', { name: 'Apply' })
      .click();
    await page.locator('[data-change="refused"]').waitFor();
    await desk.close();
  });

  test('[PAGE-49] invitations, lanes, a message and a removal: each done at the desk is what the fan sees', async () => {
    await stage.setRoom(event, { open: true, opensAtMs: Date.now() + 1_000 });
    const inside = await new ApiFan(stage.sale.gatewayUrl, event, 1).enter();
    const desk = await atDesk(stage, { event: name, part: 'Invitations' });
    const { page } = desk;
    await desk.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByLabel('Label').fill('Fan club');
    await page.getByLabel('How many').fill('2');
    await page.getByRole('button', { name: 'Make', exact: true }).click();
    await page.locator('[data-invitation]').nth(1).waitFor();
    await page.getByRole('button', { name: 'Copy the link' }).first().click();
    await page.locator('[data-copy="copied"]').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await expectAccessible(desk);
    const fan = await stage.visit(link.slice(stage.sale.gatewayUrl.length));
    await fan.page.locator('[data-invited]').waitFor();
    await join(fan);
    await fan.shows('waiting');
    await fan.page.locator('[data-lane="priority"]').waitFor();

    await page.locator('[data-invitation]').last().getByRole('button', { name: 'Withdraw' }).click();
    await page.getByRole('dialog').waitFor();
    await expectAccessible(desk);
    await page.getByLabel('Reason').fill('Sent to the wrong person');
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
    await page.locator('[data-invitation] .badge', { hasText: 'Withdrawn' }).waitFor();

    await openPart(desk, 'Line');
    await page.locator('[data-lane-number="priority-waiting"]', { hasText: /^1$/ }).waitFor();
    await page.getByLabel('Priority').fill('46');
    await page.locator('.fault').waitFor();
    await page.getByLabel('Priority').fill('40');
    await page.locator('[data-shares]', { hasText: 'General 40 %' }).waitFor();
    await page
      .locator('form', { hasText: 'Shares of the lanes' })
      .getByRole('button', { name: 'Apply' })
      .click();
    await page.locator('[data-change="inForce"]').waitFor();

    await openPart(desk, 'Room');
    await page.getByLabel('Message', { exact: true }).fill('We begin at nine.');
    await page.locator('[data-preview]', { hasText: 'We begin at nine.' }).waitFor();
    await page.getByRole('button', { name: 'Tell the fans' }).click();
    await fan.page.getByText('We begin at nine.').waitFor();
    await page.getByRole('button', { name: 'Take it away' }).click();
    await fan.page.getByText('We begin at nine.').waitFor({ state: 'detached' });
    await expectAccessible(desk);

    await openPart(desk, 'Fans');
    await page.getByLabel('Place or buyer number').fill('nobody');
    await page.locator('.fault').waitFor();
    await page.getByLabel('Place or buyer number').fill(await placeOf(fan, event));
    await openDialog(desk, 'Remove from the line');
    await page.getByLabel('Reason').fill('A machine');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove from the line' }).click();
    await fan.shows('removed');
    await expectAccessible(desk);
    expect(desk.faults).toEqual([]);
    await inside.leave();
    for (const one of [desk, fan]) await one.close();
  });

  test('[PAGE-43] [PAGE-50] a lost line is said loudly at the desk and to who waits, with no place meanwhile; healed, the places are there again; a viewer sees all of it and can press nothing', async () => {
    const lost = 'lost';
    await stage.put(lost, { name: 'A Lost Night', units: 20, capacity: 1 });
    const inside = await new ApiFan(stage.sale.gatewayUrl, lost, 2).enter();
    const fans = [];
    for (let place = 1; place <= 3; place++) {
      const fan = await stage.visit(`/events/${lost}`);
      await join(fan);
      await fan.shows('waiting');
      await fan.page.locator(`[data-place="${place}"]`).waitFor();
      fans.push(fan);
    }
    const last = fans.at(-1)!;
    const desk = await atDesk(stage, { event: 'A Lost Night', token: tokenOf('viewer') });
    const { page } = desk;
    for (const button of ['Pause', 'Close the doors', 'Apply', 'Tell the fans'])
      await soon(() => page.getByRole('button', { name: button, exact: true }).isDisabled()).toBe(true);
    await expectAccessible(desk);

    await wipePrefix(stage.sale.redisUrl, stage.sale.redisPrefix);
    await Promise.all([
      ...fans.map((fan) => fan.shows('healing')),
      page.locator('[data-alarm="healing"]').waitFor(),
    ]);
    expect(await last.page.locator('[data-step="healing"] [data-place]').count()).toBe(0);
    await page.getByRole('alert').getByText('put back in order').waitFor();
    await expectAccessible(last);
    await expectAccessible(desk);

    await Promise.all(fans.map((fan, at) => fan.page.locator(`[data-place="${at + 1}"]`).waitFor()));
    // One alarm may follow another: all of them are over.
    await soon(() => page.locator('[data-alarm]').count()).toBe(0);
    await page.getByText('Redis was lost 1 time').waitFor();
    await inside.leave();
    await fans[0]!.shows('offered');

    await openPart(desk, 'Invitations');
    await page.getByText('Only a manager may do this.').waitFor();
    expect(desk.faults).toEqual([]);
    for (const one of [desk, ...fans]) await one.close();
  });
});
