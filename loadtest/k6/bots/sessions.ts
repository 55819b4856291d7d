import { oneOf } from '../lib/seeded.ts';
import { settings } from '../lib/settings.ts';
import { ask, type Said } from './ask.ts';
import type { Attempt, Scene } from './attempt.ts';
import { edited, flipped, made } from './forge.ts';
import type { KindName } from './kinds.ts';
import type { Inside } from './kit.ts';
import { twoOf } from './two-of.ts';

/** Holds without a session that is alive, of this event, and one's own. */
export const sessions: readonly Attempt[] = [
  (scene) => hold(scene, 'hold-without-session', { cookie: anyone(scene).cookie }),
  (scene) => {
    const { session: token, cookie } = anyone(scene);
    // Another buyer: the fan himself has all that he may have, and would be refused for that.
    const later = { expiresAtMs: Date.now() + 3_600_000, buyer: crypto.randomUUID() };
    const forged = [
      flipped(token),
      edited(token, later),
      edited(token, { ...later, turn: 2 }),
      edited(oneOf(scene.random, scene.kit.expired).session, later),
      made(token, 'session', later),
      `${token}.`,
      token.replace(/^session\.[^.]+/, 'session.k0'),
    ];
    return hold(scene, 'forged-session', { token: oneOf(scene.random, forged), cookie });
  },
  (scene) => {
    const { placeToken, pass, cookie, orderToken } = anyone(scene);
    const token = oneOf(scene.random, [placeToken, pass, cookie, orderToken]);
    return hold(scene, 'other-token-as-session', { token, cookie });
  },
  (scene) => {
    const { session: token, cookie } = anyone(scene);
    const path = `/api/v1/events/${scene.kit.otherEvent}/holds`;
    return hold(scene, 'session-of-another-event', { path, token, cookie });
  },
  (scene) => {
    const [mine, theirs] = twoOf(scene.random, scene.kit.shoppers);
    const cookie = oneOf(scene.random, [mine.cookie, flipped(theirs.cookie), undefined]);
    return hold(scene, 'session-on-another-device', { token: theirs.session, cookie });
  },
  (scene) => withOwn(scene, 'session-after-its-end', scene.kit.gone),
  (scene) => withOwn(scene, 'expired-session', scene.kit.expired),
  (scene) => withOwn(scene, 'more-than-allowed', scene.kit.shoppers),
];

const anyone = ({ kit, random }: Scene) => oneOf(random, kit.shoppers);

function withOwn(scene: Scene, kind: KindName, fans: readonly Inside[]) {
  const { session: token, cookie } = oneOf(scene.random, fans);
  return hold(scene, kind, { token, cookie });
}

function hold({ kit }: Scene, kind: KindName, said: Partial<Said>) {
  const answer = ask(kind, {
    method: 'POST',
    path: `/api/v1/events/${settings.event}/holds`,
    key: crypto.randomUUID(),
    body: { tierId: kit.tierId, quantity: 1 },
    ...said,
  });
  return [[kind, answer]] as const;
}
