import type { ProblemCode } from '@onsale/shared/errors';
import type { PaymentMethod } from '../fan/kept.ts';
import { number, tickets } from './count.ts';

const problems: Partial<Record<ProblemCode, string>> = {
  malformed: 'Something in the form was not accepted. Please check it and try again.',
  idempotencyMismatch: 'That was sent before with other details. Please try again.',
  ticketUnknown: 'That seat is not sold here. Please choose another.',
  sectionUnknown: 'That part of the venue is not sold here.',
  orderNotPaid: 'This order has no tickets to give back.',
  cancellationClosed: 'It is too late to give this order back.',
  tierUnknown: 'That ticket type is not sold any more.',
  bodyTooLarge: 'That was too long. Please shorten it.',
  internal: 'Something went wrong on our side. Nothing was changed; please try again.',
};

/** From choosing tickets to keeping them. */
export const shop = {
  steps: { label: 'Steps', shopping: 'Choose', held: 'Details', paying: 'Pay', tickets: 'Tickets' },

  shopping: {
    title: 'Choose your tickets',
    left: 'Time in the shop',
    announce: (left: string) => `${left} left in the shop.`,
    until: (time: string) => `You can shop until ${time}`,
    moreTimeText: 'You can have more time in the shop once.',
    moreTime: 'More time in the shop',
    renewed: (time: string) => `You have more time now: until ${time}.`,
    tier: 'Ticket type',
    quantity: 'How many',
    fewer: 'One ticket fewer',
    more: 'One ticket more',
    limit: (n: number) => `Up to ${tickets(n)} for each buyer.`,
    take: (n: number) => `Reserve ${tickets(n)}`,
    choose: 'Choose a ticket type first.',
    way: 'How to choose',
    best: 'Best available',
    own: 'Pick seats',
    any: 'Any type',
    from: (price: string) => `from ${price}`,
    upTo: (price: string) => `up to ${price}`,
    priceMax: 'At most, each',
    priceAny: 'Any price',
    together: 'Beside each other, in one row',
    wheelchairs: 'Wheelchair spaces',
    wheelchairsHint: 'How many of the tickets; the others are the seats beside.',
    mapLoading: 'Fetching the seats.',
    mapLost: 'The seats could not be loaded.',
    mapAgain: 'Try again',
    offer: {
      fewer: (n: number) => `Take ${tickets(n)}`,
      fewerTogether: (n: number) => `Take ${n} together`,
      apart: (n: number) => `Take ${n} apart`,
    },
    leave: 'Leave the shop',
    noneFree:
      'Every ticket is in a basket right now. When time runs out for others, tickets come back: this page shows it.',
    allSold: 'Every ticket is sold. If one comes back while you are here, this page shows it.',
  },

  refusal: {
    title: 'That did not work',
    notEnough: (left: number, asked: number) =>
      left === 0
        ? 'No ticket like that is free right now.'
        : `Only ${number(left)} left, you asked for ${number(asked)}.`,
    comingBack: (held: number, free: number) =>
      `${number(held)}${free > 0 ? ' more' : ''} ${held === 1 ? 'is in another fan’s basket' : 'are in other fans’ baskets'} and may come back.`,
    notTogether: (asked: number) =>
      `${number(asked)} seats beside each other are not free right now, but there are enough apart.`,
    seatsTaken: 'Another fan was faster.',
    accessOnly:
      'These seats are kept for fans who use a wheelchair and for their companions. A companion’s seat comes with a wheelchair space.',
    extensionSpent:
      'Your time was extended before, and that is done once. The tickets stay reserved until the time is up.',
    soldOut: 'Tickets like that are sold out.',
    buyerLimit: (mayTake: number) =>
      mayTake === 0
        ? 'You have taken as many tickets as one buyer may.'
        : `You may take ${tickets(mayTake)} more.`,
    other: (code: ProblemCode, title: string) => problems[code] ?? `${title}.`,
  },

  held: {
    title: 'Reserved for you',
    left: 'Time to pay',
    announce: (left: string) => `${left} left to pay.`,
    seat: (section: string, row: string, seat: string) => `Section ${section}, row ${row}, seat ${seat}`,
    general: 'General admission',
    total: 'Total',
    face: 'Tickets',
    fees: 'Fees',
    tax: 'Tax',
    taxIncluded: 'Tax, included',
    refunded: 'Refunded',
    moreTime: 'Need more time?',
    moreTimeText: 'You can extend the reservation once.',
    extend: 'Give me more time',
    extended: (until: string) => `Extended. The tickets are yours until ${until}.`,
    details: 'Your details',
    name: 'Name',
    nameHint: 'As it should stand on the tickets',
    email: 'Email',
    nameMissing: 'Please enter your name.',
    nameTooLong: 'Please use at most 120 characters.',
    emailWrong: 'Please enter an address such as name@example.com.',
    buy: 'Continue to payment',
    release: 'Give the tickets back',
  },

  paying: {
    title: 'Pay',
    sandbox: 'This is a sandbox: no money moves. Choose how the test payment ends.',
    method: 'Test card',
    methods: {
      sandboxApprove: { name: 'Approve', text: 'The payment goes through.' },
      sandboxDecline: { name: 'Decline', text: 'The bank refuses the payment.' },
      sandboxSlow: { name: 'Slow', text: 'The answer takes a while, perhaps too long.' },
      sandboxTooLate: { name: 'Unstoppable', text: 'The same, and the payment cannot be stopped in time.' },
    } satisfies Partial<Record<PaymentMethod, { name: string; text: string }>>,
    card: {
      title: 'Your card',
      hint: 'You enter it into a form of Stripe, who takes the money. We never see its number.',
      fault: 'The card could not be read. Try again.',
      lost: 'The form for your card did not come.',
      again: 'Try again',
    },
    loading: 'One moment.',
    pay: (total: string) => `Pay ${total}`,
    busy: 'Paying. Please stay on this page.',
    declined: 'The payment was declined',
    declinedText:
      'No money was taken and your tickets are still reserved. Try another card before the time is up.',
  },

  tickets: {
    title: 'Your tickets',
    lead: 'Show a code at the entrance. Each code lets one person in.',
    keep: 'Keep this address: it opens your tickets at any time.',
    link: 'Address of your tickets',
    print: 'Print',
    more: 'Get in line again',
    loading: 'Fetching your tickets.',
    ticket: (n: number, of: number) => `Ticket ${n} of ${of}`,
    qr: (place: string) => `QR code of ${place}`,
    documentTitle: (event: string) => `Your tickets · ${event}`,
  },

  order: {
    title: 'Your order',
    pending: 'Not paid yet',
    pendingText: 'The tickets are reserved. Finish the payment in the browser you began in.',
    refunded: 'Refunded',
    refundedText: 'These tickets are no longer yours. The whole amount goes back to you.',
    cancelled: 'Cancelled',
    cancelledText: 'The order was cancelled and its tickets are no longer valid. The money goes back to you.',
    partlyRefunded:
      'Some tickets of this order were given back, and their price goes back to you. These are left.',
    costs: 'What it cost',
    find: 'Find my orders',
    cancel: 'Give the tickets back',
    cancelUntil: (when: string) => `You can give this order back until ${when}.`,
    cancelTitle: 'Give all tickets back?',
    cancelText: (total: string) =>
      `The tickets are no longer valid then. ${total} goes back to the card you paid with.`,
    cancelNo: 'Keep them',
    cancelBusy: 'Giving the tickets back.',
    cancelRefused: 'The tickets were not given back',
    expired: 'Not paid in time',
    expiredText: 'The time to pay ran out and the tickets went back on sale. No money was taken.',
    unknown: 'We do not know this order',
    unknownText: 'Check that the address is complete, with everything after the # sign.',
  },
};
