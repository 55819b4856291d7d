/**
 * What the bots try. Each kind aims at one check of the sale, and names the codes with which that check refuses: only such an
 * answer is a try. Anything else that is no success (a 404 because of a typo, a refusal by another check in front) is
 * *unexpected* and fails the run, so that no kind can be harmless by never reaching what it is meant for.
 *
 * A few kinds are answered well when all is well (who joins again gets his own place again). Their tries say what came of it
 * in words of their own, which stand here in place of a refusal.
 */
export interface Kind {
  /** Completes "a bot that …". */
  readonly about: string;
  readonly refusals: readonly string[];
}

export const kinds = {
  // Sessions: holds without one that is alive and one's own.
  'hold-without-session': { about: 'takes tickets with no session', refusals: ['tokenMissing'] },
  'forged-session': { about: 'makes or edits a session', refusals: ['tokenInvalid'] },
  'other-token-as-session': {
    about: 'takes tickets with a place token, pass, cookie or order token',
    refusals: ['tokenInvalid'],
  },
  'session-of-another-event': { about: 'uses its session at another event', refusals: ['tokenInvalid'] },
  'session-on-another-device': { about: "uses another fan's session", refusals: ['otherDevice'] },
  'session-after-its-end': { about: 'shops on after paying or leaving', refusals: ['sessionOver'] },
  'expired-session': { about: 'shops on when its time is over', refusals: ['tokenExpired'] },
  'more-than-allowed': { about: 'takes more tickets than one buyer may', refusals: ['buyerLimit'] },

  // Passes: admissions that were not given.
  'pass-of-another-fan': { about: 'claims with the pass of one who is inside', refusals: ['otherDevice'] },
  'pass-replayed': { about: 'claims again after its turn', refusals: ['sessionOver'] },
  'expired-pass': { about: 'claims when the window is long over', refusals: ['tokenExpired'] },
  'pass-of-another-event': { about: 'claims at another event', refusals: ['tokenInvalid'] },
  'pass-without-algorithm': { about: 'claims with an unsigned pass', refusals: ['tokenInvalid'] },
  'pass-of-another-key': {
    about: 'signs a pass itself, with our public key as a secret, or with one that it brings along',
    refusals: ['tokenInvalid'],
  },
  'edited-pass': { about: 'edits a pass and keeps the signature', refusals: ['tokenInvalid'] },

  // The line.
  'claim-before-offer': {
    about: 'makes its own pass while it waits',
    refusals: ['tokenInvalid', 'stillOutside'],
  },
  'join-again': { about: 'joins again and again for a better place', refusals: ['samePlace'] },
  'edited-order': { about: 'writes a smaller order into its place token', refusals: ['tokenInvalid'] },
  'forged-place': { about: 'makes a place token, or sends one of another kind', refusals: ['tokenInvalid'] },
  'place-of-another-event': { about: 'shows its place at another event', refusals: ['tokenInvalid'] },
  'forged-invitation': { about: 'guesses an invitation', refusals: ['invitationInvalid'] },
  'cross-site': { about: "joins or claims from another site's page", refusals: ['forbidden'] },

  // Holds, orders and money of others.
  'order-of-anothers-hold': { about: 'orders what another fan holds', refusals: ['holdUnknown'] },
  'hold-of-another': { about: "reads, releases or extends another's hold", refusals: ['holdUnknown'] },
  'key-of-another': { about: "takes tickets under another's Idempotency-Key", refusals: ['buyerLimit'] },
  'key-for-another-request': {
    about: 'uses its Idempotency-Key for another request',
    refusals: ['idempotencyMismatch'],
  },
  'hold-replayed': { about: 'sends its hold again', refusals: ['sameHold'] },
  'pay-with-anothers-token': {
    about: "pays, reads or cancels an order with another order's token",
    refusals: ['tokenInvalid'],
  },
  'pay-from-another-device': { about: "pays with another's order token", refusals: ['otherDevice'] },
  'forged-webhook': {
    about: 'says in the name of the provider that money came',
    refusals: ['webhookForged'],
  },

  // Doors that are not theirs.
  'operator-with-fan-tokens': {
    about: "asks operators' routes with what a fan has, or with a made token",
    refusals: ['tokenMissing', 'tokenInvalid'],
  },
  'internal-routes': { about: 'asks internal routes at the public port', refusals: ['routeUnknown'] },
  'path-tricks': {
    about: 'writes such paths in other ways',
    refusals: ['routeUnknown', 'tokenMissing', 'tokenInvalid', 'malformed', 'eventUnknown'],
  },
  'method-override': { about: 'says another method in a header', refusals: ['methodNotAllowed'] },
  'forged-load-test': {
    about: 'makes a load-test token, or names an address outside its blocks',
    refusals: ['loadTestRefused'],
  },
  'address-flood': { about: 'claims to come from everywhere', refusals: ['tooManyRequests'] },

  // Sockets.
  'socket-forged': { about: 'listens with a token that is none', refusals: ['tokenInvalid'] },
  'socket-malformed': { about: 'says hello in another form', refusals: ['malformed'] },
  'socket-oversized': { about: 'sends more than a socket may', refusals: ['cutOff'] },
  'socket-flood': { about: 'sends a flood of events, ours among them', refusals: ['ignored'] },
  'socket-of-another': {
    about: 'goes on in a connection that is not its own',
    refusals: ['unknownConnection'],
  },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as KindName[];
