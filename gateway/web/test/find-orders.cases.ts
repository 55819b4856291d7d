import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parsed } from '../../../booking-core/test/mailbox.ts';
import { until } from '../../../test/until.ts';
import { ApiFan } from './api-fan.ts';
import { patienceMs } from './patience.ts';
import { expectAccessible, type Stage } from './stage.ts';

/** Mails of the run so far: its sales have no mail server, so they are files, and all in one folder. */
async function mails({ sale }: Stage) {
  const folder = sale.env.MAIL_DIR!;
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
  return Promise.all(names.map(async (name) => parsed(await readFile(join(folder, name), 'latin1'))));
}

/** @param perMinute of one network: what may be asked before it is refused */
export function findOrders(theStage: () => Stage, perMinute: number): void {
  test('[MAIL-6] [MAIL-7] a fan who lost everything gives an address and opens the order from the mail; asking too often is refused', async () => {
    const stage = theStage();
    const event = 'found-again';
    await stage.put(event, { units: 20 });
    const fan = await new ApiFan(stage.sale.gatewayUrl, event, 60_000).enter();
    const hold = await fan.hold({ tierId: 'general', quantity: 1 });
    const order = await fan.buy(hold!, 'finder@example.com');
    expect(order?.state).toBe('paid');

    const visitor = await stage.visit('/orders');
    const { page } = visitor;
    await visitor.shows('findOrders');
    await expectAccessible(visitor);
    const ask = page.getByRole('button', { name: 'Send me the links' });
    await page.getByLabel('Email').fill('fan@example');
    await ask.click();
    await page.locator('.field.wrong').waitFor();
    await page.getByLabel('Email').fill('FINDER@example.com');
    await ask.click();
    await visitor.shows('ordersAsked');
    await expectAccessible(visitor);
    expect(visitor.faults).toEqual([]);

    const isMine = ({ subject, text }: { subject: string; text: string }): boolean =>
      subject === 'Your order' && text.includes(order!.orderId);
    const found = await until(async () => (await mails(stage)).find(isMine), {
      what: 'the mail with the link',
      withinMs: patienceMs,
    });
    const [link] = found.text.match(/http:\S+/g)!;
    expect(link).toContain(order!.orderId);
    await page.goto(link!);
    await page.locator('.qr').first().waitFor();
    expect(visitor.faults).toEqual([]);
    await visitor.close();

    const eager = await stage.visit('/orders');
    await eager.shows('findOrders');
    for (let asked = 0; asked < perMinute; asked++) {
      await eager.page.getByLabel('Email').fill('nobody@example.com');
      await eager.page.getByRole('button', { name: 'Send me the links' }).click();
      await eager.shows('ordersAsked');
      await eager.page.getByRole('button', { name: 'Try another address' }).click();
    }
    await eager.page.getByLabel('Email').fill('nobody@example.com');
    await eager.page.getByRole('button', { name: 'Send me the links' }).click();
    await eager.page.getByRole('alert').getByText('Too many requests').waitFor();
    await eager.close();
    expect((await mails(stage)).map(({ headers }) => headers.to)).not.toContain('nobody@example.com');
  });
}
