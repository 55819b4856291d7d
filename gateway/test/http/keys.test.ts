import { afterEach, expect, test } from 'vitest';
import { freshRedis } from '../../../test/redis.ts';
import { bearer, type Door, EVENT, hmacKey, openDoor, passKey, secret } from '../door.ts';

const doors: Door[] = [];
afterEach(async () => {
  for (const door of doors.splice(0)) await door.close();
});

test('[API-4] [API-5] what an old key signed is good until the key is removed', async () => {
  const same = { space: freshRedis(), placeKey: secret() };
  const [oldHmac, newHmac] = [hmacKey('k1'), hmacKey('k2')];
  const [oldPass, newPass] = [passKey('p1'), passKey('p2')];
  const open = async (hmacKeys: string, passKeys: (typeof oldPass)[]): Promise<Door> => {
    const door = await openDoor({ ...same, hmacKeys, passKeys });
    doors.push(door);
    return door;
  };
  const before = await open(oldHmac, [oldPass]);
  const during = await open(`${newHmac},${oldHmac}`, [newPass, oldPass]);
  const after = await open(newHmac, [newPass]);
  await before.setRoom();

  const { placeToken, cookie, status } = await before.join();
  if (status.state !== 'offered') throw new Error('not offered');
  const claim = (door: Door, pass: string) =>
    door.call(`/api/v1/events/${EVENT}/claim`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ pass }),
    });
  const ask = (door: Door, token: string) =>
    door.call(`/api/v1/events/${EVENT}/line/me`, { headers: bearer(token) });

  expect((await claim(after, status.pass)).status).toBe(401);
  expect((await claim(during, status.pass)).status).toBe(200);
  expect([(await ask(during, placeToken)).status, (await ask(after, placeToken)).status]).toEqual([200, 401]);

  // Joining again moves cookie and place token to the new key, and the place stays.
  const again = await during.join({ cookie });
  expect(again.cookie).not.toBe(cookie);
  expect((await ask(after, again.placeToken)).status).toBe(200);
  expect((await after.join({ cookie: again.cookie })).http.status).toBe(200);
  // A cookie of a key that is gone is as none: a new fan, not a fan locked out.
  expect((await after.join({ cookie })).http.status).toBe(201);

  const published = async (door: Door) =>
    ((await (await door.call('/.well-known/jwks.json')).json()) as { keys: { kid: string }[] }).keys.map(
      ({ kid }) => kid,
    );
  expect(await published(during)).toEqual(['p2', 'p1']);
  expect(await published(after)).toEqual(['p2']);
});
