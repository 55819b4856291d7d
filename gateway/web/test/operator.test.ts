import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser } from '../../../test/browser.ts';
import { ApiFan } from './api-fan.ts';
import { stageSmallEvent } from './small-event.ts';
import { desktop, expectAccessible, phone, type Stage, startStage, type Visitor } from './stage.ts';

const event = 'small';

describeInBrowser("the operator's desk", () => {
  let stage: Stage;
  beforeAll(async () => {
    // Among others, so that the desk has a room to choose.
    stage = await startStage({}, { seeded: true });
    await stageSmallEvent(stage.sale.databaseUrl, event, { units: 10, capacity: 1 });
  });
  afterAll(() => stage?.stop());

  const atDesk = async (viewport = desktop): Promise<Visitor> => {
    const desk = await stage.visit(`/operator#token=${stage.sale.operatorToken}`, viewport);
    await desk.page.getByRole('button', { name: 'A Small Night' }).click();
    await desk.page.locator(`[data-room="${event}"]`).waitFor();
    return desk;
  };
  const changeIs = (desk: Visitor, state: string): Promise<void> =>
    desk.page.locator(`[data-change="${state}"]`).waitFor({ timeout: 10_000 });
  const numberIs = (desk: Visitor, name: string, value: string): Promise<void> =>
    desk.page
      .locator(`[data-number="${name}"]`, { hasText: new RegExp(`^${value}$`) })
      .waitFor({ timeout: 10_000 });

  test('[PAGE-6] [PAGE-7] shows a room live, changes its policy, and confirms by what the worker does', async () => {
    const desk = await atDesk();
    expect(new URL(desk.page.url()).hash).toBe('');
    const { gatewayUrl } = stage.sale;
    const inside = await new ApiFan(gatewayUrl, event, 1).enter();
    const second = new ApiFan(gatewayUrl, event, 2).enter();
    await inside.hold({ tierId: 'general', quantity: 2 });
    await numberIs(desk, 'sessions', '1');
    await numberIs(desk, 'waiting', '1');
    await desk.page.locator('[data-stock="held"]', { hasText: /^2$/ }).waitFor();
    await desk.page.locator('[data-reason="capacity"]').waitFor();
    await expectAccessible(desk);

    await desk.page.getByLabel('Capacity').fill('2');
    await desk.page.getByRole('button', { name: 'Apply' }).click();
    await changeIs(desk, 'inForce');
    await second;
    await numberIs(desk, 'sessions', '2');

    await desk.page.getByRole('button', { name: 'Pause' }).click();
    await desk.page.locator('[data-doors="paused"]').waitFor();
    await desk.page.locator('[data-reason="paused"]').waitFor();
    await changeIs(desk, 'inForce');
    await desk.page.getByRole('button', { name: 'Go on' }).click();
    await desk.page.locator('[data-doors="open"]').waitFor();

    await desk.page.getByLabel('Time to pay').fill('120');
    await desk.page.getByRole('button', { name: 'Apply' }).click();
    await changeIs(desk, 'holdSaved');

    await desk.page.getByRole('button', { name: 'Close the doors' }).click();
    await expectAccessible(desk);
    await desk.page.getByRole('dialog').getByRole('button', { name: 'Close the doors' }).click();
    await desk.page.locator('[data-doors="closed"]').waitFor();
    await desk.page.getByRole('button', { name: 'Open the doors' }).click();
    await desk.page.locator('[data-doors="open"]').waitFor();
    await changeIs(desk, 'inForce');
    expect(desk.faults).toEqual([]);
    await desk.close();
  });

  test('[PAGE-6] what cannot be is not sent; the token outlives a reload, in this window alone', async () => {
    const desk = await atDesk(phone);
    await desk.page.getByLabel('Rate').fill('-5');
    await desk.page.locator('.fault').waitFor();
    expect(await desk.page.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
    await expectAccessible(desk);
    await desk.page.reload();
    await desk.page.locator('.room-desk').waitFor();
    expect(desk.faults).toEqual([]);
    await desk.close();

    const stranger = await stage.visit('/operator');
    await stranger.shows('noToken');
    await expectAccessible(stranger);
    expect(stranger.faults).toEqual([]);
    await stranger.page.goto(`${stage.sale.gatewayUrl}/operator#token=forged`);
    await stranger.shows('expired');
    await expectAccessible(stranger);
    await stranger.close();
  });
});
