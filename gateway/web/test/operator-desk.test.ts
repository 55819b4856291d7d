import { afterAll, beforeAll, expect, test } from 'vitest';
import { onServer } from '../../../bin/stack/database.ts';
import { describeInBrowser } from '../../../test/browser.ts';
import { ApiFan } from './api-fan.ts';
import { atDesk, openDialog, openPart } from './desk.ts';
import { soon } from './patience.ts';
import {
  desktop,
  expectAccessible,
  phone,
  type Stage,
  startStage,
  type Viewport,
  type Visitor,
} from './stage.ts';

const event = 'small';
/** Where one fan at a time may shop. */
const narrow = 'narrow';

describeInBrowser("the operator's desk", () => {
  let stage: Stage;
  let fans = 10;
  beforeAll(async () => {
    stage = await startStage();
    await stage.put(event, { units: 30, limit: 4 });
    await stage.put(narrow, { name: 'A Narrow Night', units: 10, capacity: 1 });
  });
  afterAll(() => stage?.stop());

  const at = (part: string, viewport: Viewport = desktop): Promise<Visitor> =>
    atDesk(stage, { event: 'A Small Night', part, viewport });
  const actIs = (desk: Visitor, state: string): Promise<void> =>
    desk.page.locator(`[data-act="${state}"]`).waitFor();
  const changeIs = (desk: Visitor, state: string): Promise<void> =>
    desk.page.locator(`[data-change="${state}"]`).waitFor();
  const numberIs = (desk: Visitor, name: string, value: string): Promise<void> =>
    desk.page.locator(`[data-number="${name}"]`, { hasText: new RegExp(`^${value}$`) }).waitFor();
  const because = async (desk: Visitor, yes: string | RegExp): Promise<void> => {
    const dialog = desk.page.getByRole('dialog');
    await soon(() => dialog.getByRole('button', { name: yes }).isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('a fan wrote');
    await dialog.getByRole('button', { name: yes }).click();
  };
  /** A basket, or with an address an order that is paid for. */
  async function basket(quantity: number) {
    fans += 1;
    const fan = await new ApiFan(stage.sale.gatewayUrl, event, fans).enter();
    return { fan, hold: (await fan.hold({ tierId: 'general', quantity }))! };
  }
  async function codesOf(quantity: number, email: string): Promise<string[]> {
    const { fan, hold } = await basket(quantity);
    return fan.codes((await fan.buy(hold, email))!);
  }

  test('[PAGE-6] [PAGE-7] shows a room live, changes its policy, and confirms by what the worker does', async () => {
    const desk = await stage.visit(`/operator#token=${stage.sale.operatorToken}`, desktop);
    await desk.page.getByRole('button', { name: 'A Narrow Night' }).click();
    await desk.page.locator(`[data-room="${narrow}"]`).waitFor();
    await soon(() => new URL(desk.page.url()).hash).toBe('');
    const { gatewayUrl } = stage.sale;
    const inside = await new ApiFan(gatewayUrl, narrow, 1).enter();
    const second = new ApiFan(gatewayUrl, narrow, 2).enter();
    expect(await inside.hold({ tierId: 'general', quantity: 2 })).not.toBeNull();
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

    await openDialog(desk, 'Close the doors');
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
    const desk = await at('Room', phone);
    await desk.page.getByLabel('Rate').fill('-5');
    await desk.page.locator('.fault').waitFor();
    await soon(() => desk.page.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
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

  test.each([
    ['a phone', phone],
    ['a desktop', desktop],
  ])(
    '[PAGE-30] [PAGE-7] on %s an order is found by its address, refunded in part and whole, and its history seen',
    async (name, viewport) => {
      const email = `fan-${name.replace(/\W/g, '')}@example.org`;
      await codesOf(3, email);
      const desk = await at('Orders', viewport);
      await desk.page.getByLabel('Find an order').fill('no such thing');
      await desk.page.getByRole('button', { name: 'Find', exact: true }).click();
      await desk.page.locator('.fault').waitFor();
      await desk.page.getByLabel('Find an order').fill('nobody@example.org');
      await desk.page.getByRole('button', { name: 'Find', exact: true }).click();
      await desk.page.getByText('No order was found.').waitFor();
      await desk.page.getByLabel('Find an order').fill(email.toUpperCase());
      await desk.page.keyboard.press('Enter');
      await desk.page.locator('.found-order').waitFor();
      await expectAccessible(desk);

      await desk.page.locator('.found-order').click();
      await desk.page.locator('[data-order] .line').first().waitFor();
      await expectAccessible(desk);
      await desk.page.locator('.line input').first().check();
      await openDialog(desk, 'Refund 1 ticket');
      await expectAccessible(desk);
      await because(desk, 'Refund 1 ticket');
      await actIs(desk, 'done');
      await desk.page.locator('[data-order] [data-state="partlyRefunded"]').waitFor();
      await desk.page.getByRole('button', { name: 'Refund the whole order' }).click();
      await because(desk, 'Refund the whole order');
      await desk.page.locator('[data-order] [data-state="refunded"]').waitFor();
      await soon(() => desk.page.getByRole('button', { name: /^Refund/ }).count()).toBe(0);
      for (const fold of await desk.page.locator('details').all()) await fold.locator('summary').click();
      await desk.page.getByText('operator: a fan wrote').first().waitFor();
      await expectAccessible(desk);
      await desk.page.getByRole('button', { name: 'Back to the orders' }).click();
      await desk.page.locator('.found-order [data-state="refunded"]').waitFor();
      expect(desk.faults).toEqual([]);
      await desk.close();
    },
  );

  test('[PAGE-31] baskets that live are listed, found by a number, and released for a reason', async () => {
    const { hold } = await basket(2);
    const desk = await at('Baskets');
    const row = desk.page.locator(`[data-hold="${hold.holdId}"]`);
    await row.waitFor();
    await expectAccessible(desk);
    await desk.page.getByLabel('Find a basket').fill(String(hold.tickets[0]!.ticketId));
    await desk.page.keyboard.press('Enter');
    await desk.page.locator('[data-found="found"]').waitFor({ state: 'attached' });
    await row.getByRole('button', { name: 'Release' }).click();
    await because(desk, 'Release');
    await actIs(desk, 'done');
    await row.getByText('Released').waitFor();
    await desk.page.getByLabel('Find a basket').fill('');
    await desk.page.keyboard.press('Enter');
    await desk.page.locator('[data-found="found"]').waitFor({ state: 'attached' });
    await soon(() => row.count()).toBe(0);
    expect(desk.faults).toEqual([]);
    await desk.close();
  });

  test.each([
    ['a phone', phone],
    ['a desktop', desktop],
  ])(
    '[PAGE-32] on %s tickets are blocked, put back and given away; what is wrong is said',
    async (_, viewport) => {
      const desk = await at('Tickets', viewport);
      const move = desk.page.locator('form', { hasText: 'Take off sale' });
      await move.getByLabel('How many').fill('2');
      await move.getByRole('button', { name: 'Block' }).click();
      await actIs(desk, 'done');
      await desk.page.locator('[data-stock="blocked"]', { hasText: /^2$/ }).waitFor();
      const blocked = /blocked: (\d+), (\d+)/.exec((await move.locator('.act-note').textContent())!)!;
      await move.getByLabel('Or these ticket numbers').fill('1, x');
      await move.locator('.fault').waitFor();
      await move.getByLabel('Or these ticket numbers').fill(`${blocked[1]}-${blocked[2]}`);
      await move.getByRole('button', { name: 'Put back on sale' }).click();
      await desk.page.locator('[data-stock="blocked"]', { hasText: /^0$/ }).waitFor();

      const comp = desk.page.locator('form', { hasText: 'Give tickets away' });
      await comp.getByRole('button', { name: 'Give away' }).click();
      await soon(() => comp.locator('.fault').count()).toBe(3);
      await expectAccessible(desk);
      await comp.getByLabel('Name').fill('A Guest');
      await comp.getByLabel('Email').fill('guest@example.org');
      await comp.getByLabel('Reason').fill('the band asked');
      await comp.getByRole('button', { name: 'Give away' }).click();
      await comp.locator('[data-act="done"]').waitFor();
      const [, orderId] = /Order number ([0-9a-f-]{36})/.exec(
        (await comp.locator('.act-note').textContent())!,
      )!;

      await openPart(desk, 'Orders');
      await desk.page.getByLabel('Find an order').fill(orderId!);
      await desk.page.keyboard.press('Enter');
      await desk.page.locator('.found-order', { hasText: 'Free ticket' }).click();
      await desk.page.getByRole('button', { name: 'Take back the whole order' }).click();
      await because(desk, 'Take back the whole order');
      await desk.page.locator('[data-order] [data-state="cancelled"]').waitFor();
      expect(desk.faults).toEqual([]);
      await desk.close();
    },
  );

  test.each([
    ['a phone', phone],
    ['a desktop', desktop],
  ])(
    '[PAGE-33] on %s a scanner lets each ticket in once, with the keyboard alone, and says the rest aloud',
    async (_, viewport) => {
      const codes = await codesOf(2, 'door@example.org');
      const desk = await at('Door', viewport);
      await desk.page.locator('[data-scan="none"]').waitFor();
      const answered = (outcome: string): Promise<void> =>
        desk.page.locator(`[role="alert"][data-scan="${outcome}"]`).waitFor();
      const scan = async (text: string): Promise<void> => {
        await desk.page.keyboard.insertText(text);
        await desk.page.keyboard.press('Enter');
      };
      // The field has the focus from the start, and after every scan.
      await scan(codes[0]!);
      await answered('entered');
      await expectAccessible(desk);
      await scan(codes[0]!);
      await answered('already');
      await desk.page
        .getByText(/This ticket came in at/)
        .first()
        .waitFor();
      await scan('ticket.k1.forged.code');
      await answered('invalid');
      await expectAccessible(desk);
      // No answer: it is scanned again.
      await desk.context.setOffline(true);
      await scan(codes[1]!);
      await answered('lost');
      await desk.context.setOffline(false);
      await scan(codes[1]!);
      await answered('entered');
      await soon(() => desk.page.locator('.rows .row').count()).toBe(4);
      // What the browser itself notes: refusals of forged and used tickets, and the moment without a network.
      const expected = /answer (401|409).*check-ins|status of (401|409)|ERR_INTERNET_DISCONNECTED|trouble/;
      expect(desk.faults.filter((fault) => !expected.test(fault))).toEqual([]);
      await desk.close();
    },
  );

  test('[PAGE-34] the event is cancelled only behind its name and a reason; until when orders go back is shown and set', async () => {
    const desk = await at('Event', phone);
    await desk.page.getByText('Now: not at all.').waitFor();
    await desk.page.getByLabel('Fans may give their orders back until').fill('2027-01-01T12:00');
    await desk.page.getByRole('button', { name: 'Set' }).click();
    await desk.page.getByText(/^Saved: until/).waitFor();
    await desk.page.getByText(/^Now: until .*2027/).waitFor();
    await desk.page.getByRole('button', { name: 'Not at all' }).click();
    await desk.page.getByText('Now: not at all.').waitFor();
    await desk.page.getByText(/cannot give orders back/).waitFor();
    await expectAccessible(desk);

    await openDialog(desk, 'Cancel the event');
    const dialog = desk.page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('a storm');
    await dialog.getByLabel(/^Type/).fill('A Small');
    await soon(() => dialog.getByRole('button', { name: 'Cancel the event' }).isDisabled()).toBe(true);
    await expectAccessible(desk);
    await dialog.getByRole('button', { name: 'Go back' }).click();
    await desk.page.locator('dialog').waitFor({ state: 'detached' });
    await openDialog(desk, 'Cancel the event');
    await dialog.getByLabel('Reason').fill('a storm');
    await dialog.getByLabel(/^Type/).fill('A Small Night');
    await dialog.getByRole('button', { name: 'Cancel the event' }).click();
    // What was set before may still be said beside it.
    await desk.page.locator('[data-act="done"]', { hasText: /^Cancelled\./ }).waitFor();
    const { rows } = await onServer(stage.sale.databaseUrl, (client) =>
      client.query(`select cancelled_at is not null as cancelled from events where id = '${event}'`),
    );
    expect(rows).toEqual([{ cancelled: true }]);
    expect(desk.faults).toEqual([]);
    await desk.close();
  });
});
