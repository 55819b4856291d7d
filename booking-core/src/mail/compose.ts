import { signToken } from '@onsale/shared/tokens/hmac';
import type { Keyring } from '@onsale/shared/tokens/keyring';
import type { Db } from '../db/database.ts';
import type { Mail } from './outbox.ts';
import { findOrders, readOrder, readTickets } from './read.ts';
import * as words from './words.ts';

export interface Letter extends words.Words {
  readonly to: string;
  /** It is kept, and handed to nobody. */
  readonly rehearsal: boolean;
}

export interface ComposeParts {
  readonly db: Db;
  readonly ring: Keyring;
  /** Option PUBLIC_URL. */
  readonly publicUrl: string;
}

/** Writes the mail by what is so when it is sent. @returns undefined when there is nothing to say (any more) */
export async function compose(
  { db, ring, publicUrl }: ComposeParts,
  mail: Mail,
): Promise<Letter | undefined> {
  // Behind the #, so that no server's log ever has the token.
  const urlOf = (order: string): string =>
    `${publicUrl.replace(/\/$/, '')}/orders/${order}#${signToken(ring, 'order', { order })}`;

  if (mail.order === null) {
    const orders = await findOrders(db, mail.recipient);
    // To the address as the buyer wrote it, never as the asker did: two spellings need not be one mailbox.
    return orders[0] && { to: orders[0].address, rehearsal: false, ...words.orderLinks(orders, urlOf) };
  }

  const order = await readOrder(db, mail.order);
  const url = urlOf(mail.order);
  const say = async (): Promise<words.Words | undefined> => {
    switch (mail.kind) {
      case 'orderPaid':
      case 'otherTickets': {
        const tickets = await readTickets(db, order.id);
        // All given back before this was sent: the mail of the refund says so.
        return tickets.length === 0
          ? undefined
          : words.paid(order, tickets, url, mail.kind === 'otherTickets');
      }
      case 'moneyBack':
        return words.moneyBack(order, words.Returned.parse(mail.facts), url);
      case 'refunded':
        return words.refunded(order, words.Refunded.parse(mail.facts), url);
      case 'cancelled':
        return words.cancelled(order, words.Refunded.parse(mail.facts), url);
      case 'eventCancelled':
        return words.eventCancelled(order, words.Refunded.parse(mail.facts), url);
      case 'orderLinks':
        throw new Error('order links have no order');
    }
  };
  const said = await say();
  return said && { to: mail.recipient, rehearsal: order.rehearsal, ...said };
}
