import { oneOf } from '../lib/seeded.ts';
import { settings } from '../lib/settings.ts';
import { ask } from './ask.ts';
import type { Attempt, Scene } from './attempt.ts';
import { hs256, partsOf, passOf, payloadOf, someSignature } from './forge.ts';
import type { KindName } from './kinds.ts';
import type { Kit } from './kit.ts';
import { twoOf } from './two-of.ts';

/** Admissions that were not given, or were used up. */
export const passes: readonly Attempt[] = [
  ({ kit, random }) => {
    const [mine, theirs] = twoOf(random, kit.shoppers);
    return claim('pass-of-another-fan', theirs.pass, oneOf(random, [mine.cookie, undefined]));
  },
  ({ kit, random }) => {
    const { pass, cookie } = oneOf(random, kit.gone);
    return claim('pass-replayed', pass, cookie);
  },
  ({ kit, random }) => claim('expired-pass', oneOf(random, kit.passesLapsed)),
  ({ kit, random }) => {
    const { pass, cookie } = oneOf(random, kit.shoppers);
    return claim('pass-of-another-event', pass, cookie, kit.otherEvent);
  },
  (scene) => {
    const { parts, claims } = wished(scene);
    const alg = oneOf(scene.random, ['none', 'None', 'NONE', '']);
    const signature = oneOf(scene.random, ['', parts.signature]);
    const pass = passOf({ header: { ...parts.header, alg }, claims, signature });
    return claim('pass-without-algorithm', pass);
  },
  (scene) => claim('pass-of-another-key', signedByItself(scene)),
  (scene) => {
    const { parts, claims } = wished(scene);
    return claim('edited-pass', passOf({ ...parts, claims }));
  },
];

/** A pass that a bot would like to have: for a place that has no turn now, for an hour. */
function wished({ kit, random }: Scene) {
  const parts = partsOf(oneOf(random, kit.shoppers).pass);
  return { parts, claims: { ...parts.claims, ...wishOf(kit.placeToken) } };
}

/** What a pass for the fan of this place token would say. */
export function wishOf(placeToken: string): Record<string, unknown> {
  const { place, buyer } = payloadOf<{ place: string; buyer: string }>(placeToken);
  const nowS = Math.floor(Date.now() / 1_000);
  return { sub: buyer, place, turn: 1, iat: nowS, exp: nowS + 3_600 };
}

function signedByItself(scene: Scene): string {
  const { parts, claims } = wished(scene);
  const { header } = parts;
  const { passKey } = scene.kit;
  const own = { kty: 'OKP', crv: 'Ed25519', x: someSignature().slice(0, 43) };
  return oneOf(scene.random, [
    () => passOf({ header, claims, signature: someSignature() }),
    () => passOf({ header: { ...header, kid: 'p0' }, claims, signature: someSignature() }),
    () => passOf({ header: { ...header, jwk: own }, claims, signature: someSignature() }),
    () =>
      passOf({
        header: { ...header, jku: 'http://127.0.0.1:1/jwks.json' },
        claims,
        signature: someSignature(),
      }),
    () => passOf({ header: { ...header, alg: 'HS256' }, claims, signature: '' }, hs256(secretOf(passKey))),
  ])();
}

const secretOf = (passKey: Kit['passKey']): string => passKey.x;

export function claim(kind: KindName, pass: string, cookie?: string, event: string = settings.event) {
  const path = `/api/v1/events/${event}/claim`;
  return [[kind, ask(kind, { method: 'POST', path, cookie, body: { pass } })]] as const;
}
