import { count, number } from '../../texts/count.ts';

/** How the line works, who is invited, what fans are told, and what is wrong. */
export const lineDesk = {
  alarm: {
    away: {
      title: 'The line is away',
      hold: 'Redis does not answer, or was emptied and the admission worker has not begun again. Nobody is let in; fans see what was known last, with its age. Shoppers go on.',
      open: 'Redis does not answer, or was emptied and the admission worker has not begun again. This room lets everyone through while the line is away.',
    },
    silent: {
      title: 'The admission worker is silent',
      text: (ago: string) => `Nothing was heard of it for ${ago}. Nobody is let in until it is back.`,
    },
    healing: {
      title: 'The line is being put back in order',
      text: 'Redis was lost. Fans are told, and see no place until everyone who was waiting is back. Nobody is let in until then; it goes on by itself.',
    },
    core: {
      title: 'The booking core does not answer',
      text: 'Stock is not known, nothing can be bought, and changes cannot be saved.',
    },
  },

  calibration: {
    none: 'What fans were told of their waits cannot be judged yet: none of them is over.',
    inside: (percent: number) =>
      `Of the waits that fans were told lately, ${percent} % came true. About 90 % should.`,
    waits: ({ inside, earlier, later }: { inside: number; earlier: number; later: number }) =>
      `Within the range told: ${number(inside)}. Shorter: ${number(earlier)}. Longer: ${number(later)}.`,
    odds: 'Chances of tickets being left',
    told: 'Told',
    fans: 'Fans',
    letIn: 'Let in',
    percent: (n: number) => (n === 0 ? 'under 5 %' : n === 100 ? 'over 95 %' : `about ${n} %`),
  },

  schedule: {
    title: 'Schedule',
    zone: (timeZone: string) => `Times of the venue: ${timeZone}.`,
    opensAtMs: 'Doors open at',
    endsAtMs: 'Sale ends at',
    empty: {
      opensAtMs: 'Empty: at no set time. Opening the doors of the room is enough.',
      endsAtMs: 'Empty: it does not end by itself.',
    },
    none: { opensAtMs: 'At no set time', endsAtMs: 'Not by itself' },
    from: (ahead: string) => `(${ahead})`,
    here: (time: string) => `On this device: ${time}.`,
    noTime: 'No such time: clocks are put forward then, or it is not whole.',
    order: 'The end must be after the opening.',
    apply: 'Save the schedule',
  },

  lineOrder: {
    title: 'Order',
    mode: 'Order of the line',
    modes: { arrival: 'First come, first served', draw: 'Drawn among all before the doors open' },
    identity: 'A place belongs to',
    identities: { session: 'A browser', invitation: 'An invitation: nobody joins without' },
    settled: 'Settled as soon as fans may have joined.',
    whenAway: 'While the line is away',
    whenAways: { hold: 'Admit nobody', open: 'Let everyone through' },
    needsOpening: 'A draw needs a time at which the doors open. Set it first.',
  },

  drawCard: {
    title: 'The draw',
    text: 'The fingerprint is public before the first fan joins. The secret number is published a few seconds after the doors have opened; with it anyone can work out the order again.',
    seed: 'The secret number',
    seedLater: 'Not published yet.',
    newSeed: 'Draw a new secret number',
    newSeedTitle: 'Draw a new secret number?',
    newSeedText: 'The fingerprint changes with it. It is refused as soon as fans may have joined.',
    newSeedDone: 'Done. The fingerprint above is the new one.',
  },

  exported: {
    title: 'Who was let in',
    text: 'Every batch with its places and the hashes that chain them: the file that bin/verify-draw checks.',
    save: 'Save the export',
    reading: (n: number) => `Reading: ${count(n, 'batch', 'batches')} so far.`,
    done: (n: number) => `Saved: ${count(n, 'batch', 'batches')}.`,
    failed: 'The export could not be read to its end. Nothing was saved: try again.',
  },

  lane: {
    title: 'Lanes',
    lane: 'Lane',
    share: 'Share',
    name: { general: 'General', priority: 'Priority', returning: 'Returning' },
    percent: (n: number) => `${number(n)} %`,
    sharesTitle: 'Shares of the lanes',
    sharesText:
      'Priority is for fans with an invitation, returning for missed offers and lost sessions. The general lane has the rest; while nobody waits in a lane, its share goes to the others.',
    priorityPercent: 'Priority',
    returningPercent: 'Returning',
    unit: 'of 100 let in',
  },

  message: {
    title: 'Message to fans',
    text: 'Everyone who waits or opens the page of the event sees it within a second, in his language, else in English, else in the first one.',
    language: 'Language',
    words: 'Message',
    twice: 'This language is there already.',
    languageWrong: 'Two letters, such as en or de-AT.',
    long: 'At most 500 characters.',
    preview: 'As fans see it:',
    tell: 'Tell the fans',
    more: 'Another language',
    clear: 'Take it away',
  },

  invitations: {
    title: 'Invitations',
    makeTitle: 'Make invitations',
    makeText:
      'Who comes with one waits in the priority lane. Whoever has a link can use it: send each to one person.',
    label: 'Label',
    labelHint: 'What you know them by. No names.',
    count: 'How many',
    uses: 'Uses of each',
    usesHint: 'Places that may use it.',
    make: 'Make',
    made: (n: number) => count(n, 'invitation', 'invitations'),
    none: 'There are no invitations.',
    unnamed: 'Without a label',
    used: (n: number, of: number) => `used ${number(n)} of ${number(of)}`,
    until: (time: string) => `until ${time}`,
    copy: 'Copy the link',
    copyAll: 'Copy all links shown',
    copied: 'Copied.',
    revoke: 'Withdraw',
    revokeTitle: 'Withdraw this invitation?',
    revokeText: 'Nobody can join with it any more. Who used it keeps the place.',
    revoked: 'Withdrawn.',
    isRevoked: 'Withdrawn',
  },

  places: {
    title: 'Take a fan out',
    text: 'For those who break the rules. A reason is asked for and kept.',
    who: 'Place or buyer number',
    whoHint:
      'The place number is in the export and in the audit; the buyer number in a search for baskets. A turn is ended by place number only.',
    unclear: 'A place number has 22 characters, a buyer number looks like 8-4-4-4-12.',
    remove: 'Remove from the line',
    revoke1: 'End the first turn',
    revoke2: 'End the second turn',
    removeText: 'The place is gone for good, with its offer or session. Tickets already bought stay bought.',
    revokeText:
      'Its offer or session is over at once, and what it holds goes back on sale when its time is up.',
    done: 'Done. It is in force.',
    doneNothing: 'Done. There was nothing of it to give up just now.',
  },
};
