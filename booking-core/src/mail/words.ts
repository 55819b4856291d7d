import { moneyIn, showtimeIn } from '@onsale/shared/words';
import { z } from 'zod';
import type { FoundOrder, Show, ToldOrder, ToldTicket } from './read.ts';
import { type Block, link, rows, text } from './render.ts';

/** What each mail says. Mails are in the language of the house. */
export interface Words {
  readonly subject: string;
  readonly blocks: readonly Block[];
}

const LOCALE = 'en-US';
const money = (order: ToldOrder, minor: number): string => moneyIn(LOCALE, minor, order.currency);
const showtime = ({ startsAt, timeZone }: Show): string => showtimeIn(LOCALE, startsAt.getTime(), timeZone);
const some = (count: number): string => `${count} ticket${count === 1 ? '' : 's'}`;
const goesBack = 'It goes back the way you paid; banks take some days to show it.';

/** Facts of money that came late, and of refunds, as the migrations write them. */
export const Returned = z.object({
  amountMinor: z.int().nonnegative(),
  why: z.enum(['late', 'eventCancelled']),
});
export const Refunded = z.object({
  amountMinor: z.int().nonnegative(),
  tickets: z.int().positive(),
  left: z.int().nonnegative(),
});

const hello = ({ buyer }: ToldOrder): Block => text(`Hello ${buyer},`);
const where = (of: Show): Block =>
  rows(['Event', of.event], ['When', showtime(of)], ['Where', `${of.venue}, ${of.city}`]);

function costs(order: ToldOrder): Block {
  const contained = order.totalMinor === order.faceMinor + order.feesMinor;
  return rows(
    ['Tickets', money(order, order.faceMinor)],
    ...(order.feesMinor > 0 ? ([['Fees', money(order, order.feesMinor)]] as const) : []),
    ...(order.taxMinor > 0 && !contained ? ([['Tax', money(order, order.taxMinor)]] as const) : []),
    ['Total', money(order, order.totalMinor)],
    ...(order.taxMinor > 0 && contained ? ([['Of which tax', money(order, order.taxMinor)]] as const) : []),
  );
}

/** Of tickets that cost nothing, nothing is said. */
const givenBack = (order: ToldOrder, amountMinor: number, forWhat = ''): Block[] =>
  amountMinor === 0 ? [] : [text(`${money(order, amountMinor)}${forWhat} is given back to you. ${goesBack}`)];

const seatOf = ({ tier, section, row, seat }: ToldTicket, at: number): readonly [string, string] => [
  `Ticket ${at + 1}`,
  section === null ? tier : `${tier}, ${section}, row ${row}, seat ${seat}`,
];

/** @param other they are not the ones that were held */
export function paid(order: ToldOrder, tickets: readonly ToldTicket[], url: string, other: boolean): Words {
  return {
    subject: other
      ? `Your tickets for ${order.event}: other places than you had reserved`
      : `Your tickets for ${order.event}`,
    blocks: [
      hello(order),
      text(
        other
          ? `Your payment came after your reservation had run out, and the tickets you had reserved were gone by then. You have ${some(tickets.length)} of the same price instead.`
          : order.totalMinor === 0
            ? `You have ${some(tickets.length)}, and nothing to pay.`
            : `Thank you: your ${some(tickets.length)} ${tickets.length === 1 ? 'is' : 'are'} paid.`,
      ),
      where(order),
      rows(...tickets.map(seatOf)),
      ...(order.totalMinor === 0 ? [] : [costs(order)]),
      link('Open your tickets', url),
      text(
        'The QR codes for the door are on that page. Keep the link to yourself: whoever has it has the tickets.',
      ),
    ],
  };
}

export function moneyBack(order: ToldOrder, facts: z.infer<typeof Returned>, url: string): Words {
  const amount = money(order, facts.amountMinor);
  return {
    subject: `You have no tickets for ${order.event}: ${amount} goes back to you`,
    blocks: [
      hello(order),
      text(
        facts.why === 'eventCancelled'
          ? `${order.event} was cancelled before your payment came.`
          : 'Your payment came after your reservation had run out, and not enough tickets were left by then.',
      ),
      text(`You have no tickets. All of your ${amount} is given back. ${goesBack}`),
      where(order),
      link('Open your order', url),
    ],
  };
}

export function refunded(order: ToldOrder, facts: z.infer<typeof Refunded>, url: string): Words {
  const whole = facts.left === 0;
  const became = facts.amountMinor === 0 ? 'taken back' : 'refunded';
  return {
    subject: whole
      ? `Your order for ${order.event} was ${became}`
      : `${some(facts.tickets)} of your order for ${order.event} ${became}`,
    blocks: [
      hello(order),
      ...givenBack(order, facts.amountMinor, ` for ${some(facts.tickets)}`),
      text(
        whole
          ? 'Your tickets are no longer valid.'
          : `Those tickets are no longer valid; your other ${some(facts.left)} stay${facts.left === 1 ? 's' : ''} as before.`,
      ),
      where(order),
      link('Open your order', url),
    ],
  };
}

export function cancelled(order: ToldOrder, facts: z.infer<typeof Refunded>, url: string): Words {
  return {
    subject: `You gave back your tickets for ${order.event}`,
    blocks: [
      hello(order),
      text(`As you wished, your order is cancelled and its tickets are no longer valid.`),
      ...givenBack(order, facts.amountMinor),
      where(order),
      link('Open your order', url),
    ],
  };
}

export function eventCancelled(order: ToldOrder, facts: z.infer<typeof Refunded>, url: string): Words {
  return {
    subject: `${order.event} is cancelled${facts.amountMinor === 0 ? '' : ': your money goes back'}`,
    blocks: [
      hello(order),
      text(`${order.event} is cancelled and your tickets are no longer valid.`),
      ...givenBack(order, facts.amountMinor),
      where(order),
      link('Open your order', url),
    ],
  };
}

export function orderLinks(orders: readonly FoundOrder[], urlOf: (orderId: string) => string): Words {
  return {
    subject: orders.length === 1 ? 'Your order' : `Your ${orders.length} orders`,
    blocks: [
      text(
        'Somebody asked for the orders of this address. Here they are, newest first; nobody else was sent this.',
      ),
      ...orders.flatMap((order) => [
        rows(
          ['Event', order.event],
          ['When', showtime(order)],
          ['Tickets', order.tickets > 0 ? String(order.tickets) : 'none any more'],
        ),
        link('Open this order', urlOf(order.id)),
      ]),
      text('Keep these links to yourself: whoever has them has the tickets.'),
    ],
  };
}
