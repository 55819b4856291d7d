import { addressOf } from '../../crowd/addresses.ts';
import { oneOf } from '../lib/seeded.ts';
import { settings } from '../lib/settings.ts';
import { ask } from './ask.ts';
import type { Attempt, Scene } from './attempt.ts';
import { type Door, internalDoors, operatorDoors, trickyPaths } from './doors.ts';
import { edited, flipped, made, payloadOf } from './forge.ts';

const at = (path: string): string => path.replaceAll('{event}', settings.event);
const event = `/api/v1/events/${settings.event}`;

/** Doors that are not a fan's, and other ways of going through one's own. */
export const doorways: readonly Attempt[] = [
  (scene) => {
    const kind = 'operator-with-fan-tokens';
    const door = oneOf(scene.random, operatorDoors);
    return [[kind, ask(kind, { ...wanting(door), token: notAnOperators(scene) })]];
  },
  (scene) => {
    const kind = 'internal-routes';
    const token = oneOf(scene.random, [undefined, shopper(scene).session, 'x'.repeat(32)]);
    return [[kind, ask(kind, { ...wanting(oneOf(scene.random, internalDoors)), token })]];
  },
  (scene) => {
    const kind = 'path-tricks';
    const path = at(oneOf(scene.random, trickyPaths));
    const token = oneOf(scene.random, [undefined, shopper(scene).session]);
    return [[kind, ask(kind, { method: 'GET', path, token })]];
  },
  (scene) => {
    const kind = 'method-override';
    const { session: token, cookie } = shopper(scene);
    const [method, path, meant] = oneOf(scene.random, [
      ['POST', `${event}/line/me`, 'DELETE'],
      ['GET', `${event}/holds`, 'POST'],
      ['GET', `${event}/claim`, 'POST'],
      ['PUT', event, 'GET'],
    ] as const);
    const name = oneOf(scene.random, ['x-http-method-override', 'x-http-method', 'x-method-override']);
    return [[kind, ask(kind, { method, path, token, cookie, headers: { [name]: meant } })]];
  },
];

/** Where the run has a load-test token, there is one to forge after. */
export const loadTestDoorway: Attempt = ({ random, kit }) => {
  const kind = 'forged-load-test';
  const own = settings.loadTestToken;
  const inside = addressOf(settings.seed, 0, settings.addresses);
  const outside = oneOf(random, ['8.8.8.8', '2001:4860:4860::8888', '127.0.0.1', '0.0.0.0', 'nowhere']);
  const forged = [flipped(own), made(own, 'loadTest', {}), edited(own, { expiresAtMs: Date.now() + 9e6 })];
  const [token, address] = oneOf(random, [
    [oneOf(random, forged), inside],
    [own, outside],
    [kit.placeToken, inside],
  ] as const);
  const network = { 'x-onsale-load-test': token, 'x-onsale-load-test-address': address };
  const said = { method: 'POST', path: `${event}/claim`, body: { pass: 'none' } };
  return [[kind, ask(kind, said, network)]];
};

const shopper = ({ kit, random }: Scene) => oneOf(random, kit.shoppers);

/** Goes through a door with what somebody would want there. */
function wanting({ method, path }: Door) {
  const body =
    method === 'POST' || method === 'PATCH' ? { ratePerMinute: 600_000, capacity: 1_000_000 } : undefined;
  return { method, path: at(path), body };
}

function notAnOperators(scene: Scene): string | undefined {
  const { session, placeToken, pass, orderToken, cookie } = shopper(scene);
  const expiresAtMs = Date.now() + 3_600_000;
  const claims = { name: 'operator', role: 'manager', expiresAtMs };
  const viewer = settings.operatorToken;
  return oneOf(scene.random, [
    undefined,
    session,
    placeToken,
    pass,
    orderToken,
    cookie,
    made(session, 'operator', { ...payloadOf(session), ...claims }),
    edited(session, claims).replace(/^session/, 'operator'),
    flipped(viewer),
    edited(viewer, { expiresAtMs: expiresAtMs + 1 }),
  ]);
}
