import { randomBytes } from 'node:crypto';
import { openCore } from '@onsale/booking-core/core';
import { openDatabase } from '@onsale/booking-core/db/database';
import { coreMetrics } from '@onsale/booking-core/metrics';
import { openConfiguredPayments, paymentOptions } from '@onsale/booking-core/payments/open';
import { patchRoom, readRoom } from '@onsale/booking-core/rooms/rooms';
import { serverPart } from '@onsale/booking-core/service/server';
import { readConfig } from '@onsale/shared/config';
import type { Room, RoomPatch } from '@onsale/shared/http/internal';
import { type Keyring, keyringOf } from '@onsale/shared/tokens/keyring';
import { pickPort } from '../../../bin/stack/ports.ts';
import type { Context } from '../bench.ts';
import { EVENT, putStadiumOnSale } from './stadium.ts';

/** The booking core in the bench's own process: fans' requests reach its routes without a socket, the worker's over its internal port. */
export interface House {
  readonly databaseUrl: string;
  readonly seats: number;
  readonly ring: Keyring;
  readonly coreUrl: string;
  readonly serviceToken: string;
  room(): Promise<Room>;
  /** As an operator changes it. The worker copies it to the line. */
  patch(patch: RoomPatch): Promise<Room>;
  /** One request of a fan. @returns the answer's status and body */
  ask(path: string, request: Asked): Promise<{ status: number; body: unknown }>;
}

export interface Asked {
  readonly token: string;
  readonly key: string;
  readonly body: object;
}

export async function openHouse(context: Context, fans: number): Promise<House> {
  const { url: databaseUrl } = await context.database('migrated');
  const database = openDatabase(databaseUrl);
  const seats = await putStadiumOnSale(database, fans);
  const port = await pickPort(new Set());
  const coreUrl = `http://127.0.0.1:${port}`;
  const hmacKeys = `bench:${randomBytes(32).toString('base64')}`;
  const ring = keyringOf(hmacKeys);
  const serviceToken = randomBytes(32).toString('hex');
  const metrics = coreMetrics();
  const say = (what: unknown): void =>
    context.say(`the core: ${String((what as { error?: unknown }).error ?? what)}`);
  const { payments, close } = openConfiguredPayments(
    database,
    readConfig(
      { DATABASE_URL: databaseUrl, CORE_URL: coreUrl, HMAC_KEYS: hmacKeys, SANDBOX_SLOW_MS: '0' },
      paymentOptions,
    ),
    metrics,
    { info: () => {}, error: say },
  );
  const core = openCore({
    database,
    payments,
    ring,
    serviceToken,
    metrics,
    report: (error) => say({ error }),
  });
  context.atEnd(async () => {
    core.stop();
    await close();
    await database.close();
  });
  context.atEnd(
    await serverPart({ name: 'internal port', app: core.internalApp, host: '127.0.0.1', port }).start(),
  );
  return {
    databaseUrl,
    seats,
    ring,
    coreUrl,
    serviceToken,
    room: () => readRoom(database.db, EVENT),
    patch: (patch) => patchRoom(database, EVENT, patch, { actor: 'bench' }),
    async ask(path, { token, key, body }) {
      const answer = await core.publicApp.request(path, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'idempotency-key': key,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: await answer.json() };
    },
  };
}
