import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parsed } from '../../../booking-core/test/mailbox.ts';
import { until } from '../../../test/until.ts';
import { ApiFan } from './api-fan.ts';
import { stageSmallEvent } from './small-event.ts';
import { expectAccessible, type Stage, startStage } from './stage.ts';

const PER_MINUTE = 4;
let stage: Stage;
const event = 'found-again';
beforeAll(async () => {
  stage = await startStage({ NETWORK_REQUESTS_PER_MINUTE: String(PER_MINUTE) });
  await stageSmallEvent(stage.sale.databaseUrl, event, { units: 20 });
  await stage.setRoom(event, { open: true });
});
afterAll(() => stage.stop());

/** Mails of the sale so far: it has no mail server, so they are files. */
async function mails() {
  const folder = stage.sale.env.MAIL_DIR!;
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
  return Promise.all(names.map(async (name) => parsed(await readFile(join(folder, name), 'latin1'))));
}

test('[MAIL-6] [MAIL-7] a fan who lost everything gives an address and opens the order from the mail; asking too often is refused', async () => {
  const fan = await new ApiFan(stage.sale.gatewayUrl, event, 1).enter();
  const hold = await fan.hold({ tierId: 'general', quantity: 1 });
  const order = await fan.buy(hold!);
  expect(order?.state).toBe('paid');

  const visitor = await stage.visit('/orders');
  const { page } = visitor;
  await visitor.shows('findOrders');
  await expectAccessible(visitor);
  const ask = page.getByRole('button', { name: 'Send me the links' });
  await page.getByLabel('Email').fill('fan@example');
  await ask.click();
  expect(await page.locator('.field.wrong').count()).toBe(1);
  await page.getByLabel('Email').fill('FAN@example.com');
  await ask.click();
  await visitor.shows('ordersAsked');
  await expectAccessible(visitor);
  expect(visitor.faults).toEqual([]);

  const found = await until(async () => (await mails()).find(({ subject }) => subject === 'Your order'), {
    what: 'the mail with the link',
    withinMs: 30_000,
  });
  const [link] = found.text.match(/http:\S+/g)!;
  expect(link).toContain(order!.orderId);
  await page.goto(link!);
  await page.locator('.qr').first().waitFor();
  expect(visitor.faults).toEqual([]);
  await visitor.close();

  const eager = await stage.visit('/orders');
  await eager.shows('findOrders');
  for (let asked = 0; asked < PER_MINUTE; asked++) {
    await eager.page.getByLabel('Email').fill('nobody@example.com');
    await eager.page.getByRole('button', { name: 'Send me the links' }).click();
    await eager.shows('ordersAsked');
    await eager.page.getByRole('button', { name: 'Try another address' }).click();
  }
  await eager.page.getByLabel('Email').fill('nobody@example.com');
  await eager.page.getByRole('button', { name: 'Send me the links' }).click();
  await eager.page.getByRole('alert').getByText('Too many requests').waitFor();
  await eager.close();
  expect((await mails()).map(({ headers }) => headers.to)).not.toContain('nobody@example.com');
}, 120_000);
