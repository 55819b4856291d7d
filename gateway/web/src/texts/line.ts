import type { Lane } from '@onsale/shared/lanes';
import { count, number, tickets } from './count.ts';
import { odds, wait } from './outlook.ts';

/** Who the others are that are let in beside one's own line. */
const others: Record<Lane, string> = {
  priority: 'holders of an invitation',
  returning: 'fans who missed their turn',
  general: 'everyone else',
};
const share = ({ lane, percent }: { lane: Lane; percent: number }): string =>
  `${others[lane]} (${percent} of 100)`;
const listed = new Intl.ListFormat('en', { type: 'conjunction' });

/** The line, the turn, and how it can end. */
export const line = {
  resuming: { title: 'One moment', text: 'Finding where you were.' },
  joining: { title: 'One moment', text: 'Checking for tickets.' },

  waiting: {
    title: 'You are in line',
    place: 'Your place',
    /** `alone`: there is no line beside this one. */
    ahead: (n: number, alone: boolean) =>
      `${n === 0 ? 'You are next' : `${count(n, 'person', 'people')} ahead of you`}${alone ? '' : ' in your line'}`,
    wait,
    estimate: 'Estimated wait',
    estimateWhy: 'From how fast fans were let in lately. About 9 in 10 waits end within it.',
    notKnown: 'Not known yet',
    odds,
    chance: 'Chance of tickets being left',
    chanceWhy: 'From what fans bought so far, and how many are ahead of you.',
    comeBack: (n: number, time: string) =>
      `No ticket is free at this moment. ${count(n, 'ticket is', 'tickets are')} in other fans’ baskets and may come back by ${time}.`,
    progress: 'How far you have come',
    announce: (place: number) => `Your place in line is ${number(place)}.`,
    documentTitle: (place: number, event: string) => `${number(place)} in line · ${event}`,
    live: 'Live. Your place moves by itself.',
    liveHalted: 'Live. This page changes by itself.',
    polling: 'Updated every few seconds.',
    lost: (ago: string) => `Connection lost. Last heard ${ago} ago. Your place is kept.`,
    stale: (ago: string) =>
      `The line does not answer at the moment. What you see is as of ${ago} ago. Your place is kept, and this page goes on by itself.`,
    close:
      'You can close this page without losing your place: open it again in this browser. When it is your turn, you have a short time to come in, so look in now and then.',
    leave: 'Leave the line',
    message: 'From the organiser',
  },
  lanes: {
    own: {
      general: '',
      priority: 'You wait in the line of fans with an invitation.',
      returning: 'You wait in the line of fans who missed their turn.',
    } satisfies Record<Lane, string>,
    why: 'Why others may be let in before you',
    beside: (shares: readonly { lane: Lane; percent: number }[]) =>
      `Each line has its own order and its own share of those let in. Beside yours there are ${listed.format(shares.map(share))}. While nobody waits in a line, its share goes to the others.`,
  },
  passedOver: {
    title: 'You go in first',
    text: 'It was your turn while you were away, so others were let in. You kept your place, and go in with the next fans. Please stay on this page.',
  },
  draw: {
    title: 'You are in the draw',
    text: 'Everyone who is here before the doors open has the same chance. Places are drawn at random, so it makes no difference when you came. When the doors open you see your place, and whoever comes later stands behind you.',
    noPlace:
      'Nobody has a place before that, and nobody can see one: else people could try until they had a good one.',
    check: 'How the draw can be checked',
    checkText:
      'The order follows from a secret number that was fixed before the first fan came. This is its fingerprint. Keep it if you like: the number itself is published when the doors are open, and must fit the fingerprint. With it anyone can work out the order again.',
    commitment: 'Fingerprint (SHA-256)',
    seed: 'The secret number',
    seedLater: 'Published here when the doors are open.',
    address: 'Where both are published',
    drawnText:
      'The order was drawn at random when the doors opened. It follows from the secret number below, whose fingerprint was shown from the start. With both, anyone can work out the order again.',
    place: 'Your number in it',
  },
  paused: {
    title: 'The line is paused',
    text: 'Nobody is being let in for the moment. You keep your place and do not need to do anything.',
  },
  closedWhileWaiting: {
    title: 'The doors are closed',
    text: 'Nobody is being let in. You keep your place; this page goes on by itself when the doors open.',
  },
  preOpening: {
    title: 'You are in line',
    text: 'The doors are not open yet. You keep your place and do not need to do anything: this page goes on by itself.',
    left: 'Doors open in',
    at: (time: string) => `Doors open ${time}.`,
    now: 'The doors are opening.',
    announce: (left: string) => `The doors open in ${left}.`,
  },
  ended: {
    title: 'The sale is over',
    text: 'Nobody is being let in any more. You do not need to wait.',
  },
  healing: {
    title: 'The line is being put back in order',
    text: 'There was a fault on our side. You keep your place: it is shown again in a few seconds. Please stay on this page.',
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

  invitation: {
    have: 'I have an invitation',
    code: 'Code of your invitation',
    hint: 'As it was sent to you. Case, blanks and hyphens do not count.',
    use: 'Use the invitation',
    needed: 'This sale is for invited fans. Enter the code of your invitation to get in line.',
    missing: 'Please enter the code of your invitation.',
    given: 'Your invitation is sent along when you get in line.',
    refused: {
      invitationNeeded: 'This sale is for invited fans. Enter the code of your invitation.',
      invitationInvalid: 'This code is not known here. Check it for mistakes, and that it is for this event.',
      invitationSpent: 'This invitation has been used already. Open this page in the browser that used it.',
      invitationOver: 'This invitation has expired or was withdrawn.',
    },
  },

  offered: {
    title: 'It is your turn',
    text: 'Come in to choose your tickets. After this time, your turn goes to the next in line.',
    left: 'Time to come in',
    enter: 'Enter now',
    announce: 'It is your turn. Enter now.',
    documentTitle: (event: string) => `Your turn! · ${event}`,
  },

  stopped: {
    lapsed: {
      title: 'Your turn has passed',
      text: 'It was your turn, and nobody came in before the time was up, so the next in line was let in.',
    },
    sessionExpired: {
      title: 'Your time in the shop is over',
      text: 'Time in the shop is limited so that everyone gets a turn. Nothing was bought.',
    },
    /** After a turn that was not used. */
    returning:
      'If you get in line again, you need not start at the end: fans who missed their turn have a line of their own, which is let in beside the other.',
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
    removed: {
      title: 'You are not in this line',
      text: 'The organiser took your place out of the line. If you think that is a mistake, ask the organiser.',
    },
    revoked: {
      title: 'Your turn has ended',
      text: 'The organiser ended your turn. Tickets you did not pay for went back on sale. If you think that is a mistake, ask the organiser.',
    },
    eventUnknown: {
      title: 'We do not know this event',
      text: 'It may have moved. The list shows all that is on sale.',
    },
    joinAgain: 'Get in line again',
    shopAgain: 'Choose again',
    toList: 'See all events',
  },
};

/** The event before the fan joins. */
export const before = {
  event: {
    join: 'Get in line',
    joinDraw: 'Join the draw',
    free: 'It costs nothing and takes a moment. If there is no line, you go straight in.',
    freeEarly: 'It costs nothing. You can close this page then, and come back when the doors open.',
    freeQueue: (n: number) => `It costs nothing. ${count(n, 'fan is', 'fans are')} waiting now.`,
    limit: (n: number) => `Up to ${tickets(n)} for each buyer`,
    seated: 'Numbered seats',
    general: 'General admission',
    allIn: 'Prices are what you pay: fees and taxes are in them.',
    left: 'You left the line. Your place was given up.',
    prices: 'Tickets',
    tierLeft: (n: number) => `${number(n)} left`,
    tierAccessible: (n: number) => `${number(n)} accessible left`,
    tierHeld: 'All in baskets',
    tierGone: 'Sold out',
    bought: 'Your tickets for this event',
    boughtOpen: 'Show tickets',
    /** What the room is like, where that is not simply open. */
    room: {
      closed: {
        title: 'The doors are not open',
        text: 'Nobody can get in line at the moment. Nothing is lost by waiting: places are only given when the doors open. This page shows it.',
      },
      preOpening: {
        title: 'The doors are not open yet',
        arrival: 'You can get in line now. Who comes first stands first.',
        draw: 'You can join the draw now. When the doors open, places are drawn at random among all who are there, so it makes no difference when you come.',
      },
      paused: {
        title: 'The line is paused',
        text: 'Nobody is being let in for the moment. You can get in line, and keep your place.',
      },
      healing: {
        title: 'The line is being put back in order',
        text: 'There was a fault on our side. You can get in line in a few seconds.',
      },
      away: {
        hold: {
          title: 'The line does not answer at the moment',
          text: 'That is on our side. Nobody is let in meanwhile, and whoever waits keeps the place. You can get in line in a moment.',
        },
        open: {
          title: 'There is no line at the moment',
          text: 'The line does not answer, so everyone is let in without one.',
        },
      },
      soldOut: {
        title: 'Sold out',
        text: 'Every ticket is sold. You can still get in line in case one comes back.',
      },
      ended: { title: 'The sale is over', text: 'Nobody can get in line any more.' },
    },
  },
};
