import type { Database } from '../src/db/database.ts';
import { openPost, type PostOptions } from '../src/mail/post.ts';
import { sendMails } from '../src/mail/send.ts';
import { coreMetrics } from '../src/metrics.ts';
import type { Received } from './mailbox.ts';
import type { TestSale } from './sale.ts';

export const PUBLIC_URL = 'https://tickets.example.org';
const FROM = 'The House <tickets@example.org>';

/** A worker's mail chore, on its own. */
export function mailer(
  sale: TestSale,
  to: Partial<PostOptions>,
  { database = sale.database, timeoutMs = 2_000 }: { database?: Database; timeoutMs?: number } = {},
) {
  const metrics = coreMetrics();
  const codes: string[] = [];
  const parts = {
    db: database.db,
    ring: sale.ring,
    publicUrl: PUBLIC_URL,
    post: openPost({ MAIL_DIR: '/nonexistent', MAIL_FROM: FROM, ...to }, timeoutMs),
    onOutcome(outcome: Parameters<typeof metrics.mail>[0], about?: { code: string }) {
      metrics.mail(outcome);
      if (about !== undefined) codes.push(about.code);
    },
  };
  return {
    codes,
    send: () => sendMails(parts),
    /** What the metrics say became of attempts. */
    counted: async (outcome: string): Promise<number> => {
      const { values } = await metrics.registry.getSingleMetric('onsale_core_mails_total')!.get();
      return values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
    },
  };
}

/** Where the links of a mail lead, in the text and in the HTML alike. */
export function linksOf({ text, html }: Received): { orderId: string; orderToken: string }[] {
  const links = text.match(/https:\S+/g) ?? [];
  const hrefs = [...html.matchAll(/href="([^"]+)"/g)].map(([, url]) => url);
  if (JSON.stringify(links) !== JSON.stringify(hrefs)) throw new Error(`${links} are not ${hrefs}`);
  return links.map((url) => {
    const found = /^https:\/\/tickets\.example\.org\/orders\/([0-9a-f-]{36})#(\S+)$/.exec(url);
    if (found === null) throw new Error(`${url} is no link to an order`);
    return { orderId: found[1]!, orderToken: found[2]! };
  });
}

export const mailsOf = (sale: TestSale, order: string) =>
  sale.database.db.selectFrom('mails').selectAll().where('order', '=', order).orderBy('created_at').execute();
