import type { ProblemCode } from '@onsale/shared/errors';
import type { AdmissionReason } from '@onsale/shared/http/internal';
import type { PaymentMethod } from './fan/kept.ts';

/** Every word the pages say, in English. Another language is another module of this shape. */

const plural = new Intl.PluralRules('en');
const number = new Intl.NumberFormat('en');
const count = (n: number, one: string, many: string): string =>
  `${number.format(n)} ${plural.select(n) === 'one' ? one : many}`;
const tickets = (n: number): string => count(n, 'ticket', 'tickets');

/** A wait in words as exact as it honestly is. */
function wait(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return 'Less than a minute';
  if (minutes < 60) return `About ${count(minutes, 'minute', 'minutes')}`;
  const hours = Math.floor(minutes / 60);
  const rest = Math.round((minutes % 60) / 5) * 5;
  return `About ${count(hours, 'hour', 'hours')}${rest === 0 ? '' : ` ${rest} minutes`}`;
}

const reasons: Record<AdmissionReason, string> = {
  rate: 'Letting fans in as fast as the rate allows.',
  capacity: 'Everyone the capacity allows is inside; the next go in as shoppers finish.',
  stock: 'Slowed down: nearly all tickets are in baskets, and only what comes back is offered.',
  pressure: 'Slowed down: the booking core is under load.',
  paused: 'Paused by an operator. Fans keep their places.',
  closed: 'The doors are closed.',
  soldOut: 'Every ticket is sold. Fans are let in when tickets come back.',
  empty: 'Nobody is waiting. Whoever comes is let in at once.',
  batch: 'The largest batch of one tick was let in; more follow.',
};

const problems: Partial<Record<ProblemCode, string>> = {
  malformed: 'Something in the form was not accepted. Please check it and try again.',
  idempotencyMismatch: 'That was sent before with other details. Please try again.',
  tierUnknown: 'That ticket type is not sold any more.',
  bodyTooLarge: 'That was too long. Please shorten it.',
  internal: 'Something went wrong on our side. Nothing was changed; please try again.',
};

export const en = {
  brand: 'Onsale',
  skip: 'Skip to content',
  footer: 'Fans are let in in the order of the line.',
  count,
  number: (n: number) => number.format(n),
  wait,

  list: {
    title: 'On sale',
    lead: 'Choose an event to get in line for tickets.',
    none: 'Nothing is on sale at the moment.',
    from: (price: string) => `from ${price}`,
    left: (n: number) => `${tickets(n)} left`,
    comingBack: 'All in baskets; some may come back',
    soldOut: 'Sold out',
    open: 'See tickets',
  },

  event: {
    join: 'Get in line',
    free: 'It costs nothing and takes a moment. If there is no line, you go straight in.',
    limit: (n: number) => `Up to ${tickets(n)} for each buyer`,
    seated: 'Numbered seats',
    general: 'General admission',
    left: 'You left the line. Your place was given up.',
    prices: 'Tickets',
    tierLeft: (n: number) => `${number.format(n)} left`,
    tierHeld: 'All in baskets',
    tierGone: 'Sold out',
    soldOutTitle: 'Sold out',
    soldOut: 'Every ticket is sold. You can still get in line in case one comes back.',
    bought: 'Your tickets for this event',
    boughtOpen: 'Show tickets',
  },

  resuming: { title: 'One moment', text: 'Finding where you were.' },
  joining: { title: 'One moment', text: 'Checking for tickets.' },

  waiting: {
    title: 'You are in line',
    place: 'Your place',
    ahead: (n: number) => (n === 0 ? 'You are next' : `${count(n, 'person', 'people')} ahead of you`),
    estimate: 'Estimated wait',
    notKnown: 'Not known yet',
    progress: 'How far you have come',
    announce: (place: number) => `Your place in line is ${number.format(place)}.`,
    documentTitle: (place: number, event: string) => `${number.format(place)} in line · ${event}`,
    live: 'Live. Your place moves by itself.',
    polling: 'Updated every few seconds.',
    lost: (ago: string) => `Connection lost. Last heard ${ago} ago. Your place is kept.`,
    close:
      'You can close this page without losing your place: open it again in this browser. When it is your turn, you have a short time to come in, so look in now and then.',
    leave: 'Leave the line',
  },
  paused: {
    title: 'The line is paused',
    text: 'Nobody is being let in for the moment. You keep your place and do not need to do anything.',
  },
  closedWhileWaiting: {
    title: 'The doors are closed',
    text: 'Nobody is being let in. You keep your place; this page goes on by itself when the doors open.',
  },
  soldOut: {
    title: 'Sold out',
    text: 'Every ticket has been sold. Sometimes a few come back. If you stay, you keep your place and are let in when that happens.',
  },
  leaving: {
    title: 'Leave the line?',
    text: 'Your place is given to the next in line. To come back, you start at the end.',
    shopTitle: 'Leave the shop?',
    shopText: 'Your turn goes to the next in line. To come back, you start at the end.',
    yes: 'Leave',
    no: 'Stay',
  },

  offered: {
    title: 'It is your turn',
    text: 'Come in to choose your tickets. After this time, your turn goes to the next in line.',
    left: 'Time to come in',
    enter: 'Enter now',
    announce: 'It is your turn. Enter now.',
    documentTitle: (event: string) => `Your turn! · ${event}`,
  },

  steps: { label: 'Steps', shopping: 'Choose', held: 'Details', paying: 'Pay', tickets: 'Tickets' },

  shopping: {
    title: 'Choose your tickets',
    until: (time: string) => `You can shop until ${time}`,
    tier: 'Ticket type',
    quantity: 'How many',
    fewer: 'One ticket fewer',
    more: 'One ticket more',
    limit: (n: number) => `Up to ${tickets(n)} for each buyer.`,
    take: (n: number) => `Reserve ${tickets(n)}`,
    choose: 'Choose a ticket type first.',
    leave: 'Leave the shop',
    noneFree:
      'Every ticket is in a basket right now. When time runs out for others, tickets come back: this page shows it.',
    allSold: 'Every ticket is sold. If one comes back while you are here, this page shows it.',
  },
  refusal: {
    title: 'That did not work',
    notEnough: (free: number, held: number) =>
      `${free === 0 ? 'No ticket of this type is' : `Only ${tickets(free)} of this type ${free === 1 ? 'is' : 'are'}`} free right now.${
        held > 0 ? ` ${tickets(held)} ${held === 1 ? 'is' : 'are'} in other baskets and may come back.` : ''
      }`,
    soldOut: 'Tickets of this type are sold out.',
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
    expired: 'Not paid in time',
    expiredText: 'The time to pay ran out and the tickets went back on sale. No money was taken.',
    unknown: 'We do not know this order',
    unknownText: 'Check that the address is complete, with everything after the # sign.',
  },

  stopped: {
    closed: {
      title: 'The doors are not open',
      text: 'Nobody can get in line at the moment. Nothing is lost by waiting: places are only given when the doors open.',
    },
    lapsed: {
      title: 'Your turn has passed',
      text: 'It was your turn, and nobody came in before the time was up, so the next in line was let in.',
    },
    sessionExpired: {
      title: 'Your time in the shop is over',
      text: 'Time in the shop is limited so that everyone gets a turn. Nothing was bought.',
    },
    holdExpired: {
      title: 'The reservation ran out',
      text: 'The time to pay is over and the tickets went back on sale. No money was taken.',
    },
    refunded: {
      title: 'Your payment was refunded',
      text: 'It arrived after the reservation had ended, and the tickets were gone. The whole amount goes back to you.',
    },
    cancelled: {
      title: 'Your order was cancelled',
      text: 'Its tickets are no longer valid. The money goes back to you.',
    },
    turnsSpent: {
      title: 'You have had your turns',
      text: 'Each fan is let in to this event a limited number of times, and yours are used.',
    },
    ordered: { title: 'Your order is done', text: 'Your turn ended with your purchase.' },
    eventUnknown: {
      title: 'We do not know this event',
      text: 'It may have moved. The list shows all that is on sale.',
    },
    joinAgain: 'Get in line again',
    shopAgain: 'Choose again',
    tryAgain: 'Try again',
    toList: 'See all events',
  },

  trouble: {
    offline: {
      title: 'No connection',
      text: 'Check your network. This page keeps trying and goes on where it was.',
    },
    away: {
      title: 'The sale does not answer',
      text: 'That is on our side. This page keeps trying and goes on where it was.',
    },
    tooMany: {
      title: 'Too many requests',
      text: 'Many people share your network, or a page was reloaded often. This page waits a little and goes on by itself.',
    },
    busy: {
      title: 'Still working on it',
      text: 'The payment is being worked on. This page asks again in a moment.',
    },
    again: (left: string) => `Next try in ${left}`,
    now: 'Try now',
  },

  operator: {
    title: 'Operator’s desk',
    rooms: 'Rooms',
    noRooms: 'There are no rooms.',
    noToken: 'This page needs an operator’s token',
    noTokenText:
      'Open it with the address that was printed when the sale was started: it ends in #token= and the token.',
    expired: 'The token is no longer valid',
    expiredText: 'Ask for a fresh address, and open it in this window.',
    away: (ago: string) => `Nothing heard from the sale for ${ago}. Trying again.`,
    noLive: 'The admission worker has not begun with this room.',
    silent: (ago: string) => `The admission worker has been silent for ${ago}.`,
    state: { open: 'Open', paused: 'Paused', closed: 'Closed' },
    reasons,
    waiting: 'Waiting',
    offers: 'Offers',
    sessions: 'Shopping',
    admitted: 'Let in, last minute',
    ofCapacity: (n: number) => `of ${number.format(n)} places inside`,
    ofRate: (n: number) => `at most ${number.format(n)}`,
    offersHint: 'not yet claimed',
    waitingHint: 'in the line',
    stock: 'Tickets',
    noStock: 'The booking core does not answer.',
    sold: 'Sold',
    blocked: 'Blocked',
    held: 'In baskets',
    free: 'Free',
    doors: 'Doors',
    openDoors: 'Open the doors',
    closeDoors: 'Close the doors',
    closeTitle: 'Close the doors?',
    closeText: 'Nobody can join and nobody is let in until they open again. Fans in line keep their places.',
    pause: 'Pause',
    unpause: 'Go on',
    cancel: 'Cancel',
    policy: 'Policy',
    rate: 'Rate',
    rateUnit: 'fans a minute',
    capacity: 'Capacity',
    capacityUnit: 'inside at once',
    claimWindow: 'Time to claim',
    sessionTtl: 'Time in the shop',
    holdTtl: 'Time to pay',
    seconds: 'seconds',
    apply: 'Apply',
    reset: 'Undo',
    wrong: (min: number, max: number) =>
      `A whole number from ${number.format(min)} to ${number.format(max)}.`,
    sending: 'Sending',
    sent: (version: number) => `Saved as version ${version}. Waiting for the worker.`,
    inForce: (version: number) => `In force: the worker works by version ${version}.`,
    savedClosed: (version: number) => `Saved as version ${version}. It counts as soon as the doors open.`,
    holdSaved: 'Saved. New reservations live so long.',
    refused: (title: string) => `Not changed: ${title}.`,
    lost: 'Not confirmed: the sale did not answer. What is shown below is what counts.',
    version: (n: number) => `Version ${n}`,
  },
};

export type Texts = typeof en;
export const t: Texts = en;
