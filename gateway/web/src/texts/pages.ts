import { tickets } from './count.ts';

/** The list of events, finding orders, and what is said when nothing is heard. */
export const pages = {
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

  find: {
    title: 'Find my orders',
    lead: 'We send links to your orders to the address you bought them with.',
    ask: 'Send me the links',
    asked: 'Look into your mail',
    askedText: (email: string) => `If ${email} has orders, a mail with links to all of them is on its way.`,
    nothing: 'Nothing there after some minutes? Look into the spam folder, or try another address of yours.',
    other: 'Try another address',
    tooMany: 'Too many requests from your network. Wait a minute, then try again.',
    away: 'The sale does not answer. Nothing was sent: try again.',
  },

  rehearsal: {
    title: 'Rehearsal: no money is taken',
    text: 'This is a test: there is no show, and no mail is sent.',
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
};
