import { setTimeout as delay } from 'node:timers/promises';
import { onServer } from '../../../bin/stack/database.ts';
import type { Context } from '../bench.ts';
import { type Fan, type Fans, forEach, spread } from './fans.ts';
import { EVENT, type HealStage } from './stage.ts';
import type { Watch } from './watch.ts';

/** What one loss did. */
export interface Loss {
  readonly relativeOrder: number;
  readonly strangersAhead: number;
  readonly againIn: number;
  readonly thrownOut: number;
  readonly passesRefused: number;
  readonly slotsOver: number;
  readonly slotsFree: number;
  readonly wholeMs: number;
  readonly firstAdmissionMs: number;
}

export interface Crowd {
  /** Wait, with a socket, or asking now and then; in the order of the line. */
  readonly sockets: readonly Fan[];
  readonly polling: readonly Fan[];
  /** Are not there while the line heals. */
  readonly silent: readonly Fan[];
  readonly shopping: readonly Fan[];
  readonly offered: readonly Fan[];
  /** Bought, left, were removed, or had their turn revoked: nobody of them may come in again. */
  readonly gone: readonly string[];
}

const STRANGERS_MS = 12_000;
const POLLS_MS = 11_000;
const WITHIN_MS = 60_000;

/** Loses Redis, lets everyone do what he does then, and looks at what came of it. */
export async function lose(
  context: Context,
  { sale }: HealStage,
  fans: Fans,
  watch: Watch,
  crowd: Crowd,
  {
    how,
    raise,
    capacity,
    strangers,
    from,
  }: {
    how: () => Promise<void>;
    /** Raises the capacity, while the line heals. */
    raise: () => Promise<void>;
    capacity: number;
    strangers: number;
    from: number;
  },
): Promise<Loss> {
  const { sockets, polling, silent, shopping, offered, gone } = crowd;
  const before = await admittedOf(sale.databaseUrl);
  await how();
  const lostAt = performance.now();
  const newcomers: Fan[] = [];
  let thrownOut = 0;
  let passesRefused = 0;

  const whole = until(() => watch.isWhole()).then(() => performance.now() - lostAt);
  const firstAdmission = until(async () => (await admittedOf(sale.databaseUrl)).size > before.size).then(
    () => performance.now() - lostAt,
  );
  await Promise.all([
    spread(
      Array.from({ length: strangers }, (_, at) => from + at),
      STRANGERS_MS,
      async (number) => {
        newcomers.push(await fans.join(number));
      },
    ),
    spread(polling, POLLS_MS, (fan) => fans.poll(fan)),
    forEach(shopping, 4, async (fan) => {
      if (!(await fans.shops(fan))) thrownOut += 1;
    }),
    delay(2_000).then(raise),
    delay(2_000).then(() =>
      forEach(offered, 4, async (fan) => {
        if (!(await fans.claim(fan))) passesRefused += 1;
      }),
    ),
  ]);
  const wholeMs = await whole;
  const lane = await watch.lane();
  const firstAdmissionMs = await firstAdmission;
  context.say(
    `whole after ${Math.round(wholeMs)} ms, first admission after ${Math.round(firstAdmissionMs)} ms`,
  );

  // Who was not there comes now.
  await forEach(silent, 32, (fan) => fans.poll(fan));
  const orders = await watch.orders();
  const admitted = await admittedOf(sale.databaseUrl);
  const old = [...sockets, ...polling];
  const at = new Map(lane.map((place, index) => [place, index]));
  const stands = old.flatMap(({ place }) => at.get(place) ?? []);
  const kept = old.filter(({ place, order }) => orders.get(place) === order || admitted.has(place)).length;
  const late = silent.filter(({ place, order }) => orders.get(place) === order || admitted.has(place)).length;
  const inOrder = stands.every((index, n) => n === 0 || index > stands[n - 1]!);
  const firstStranger = Math.min(...newcomers.map(({ place }) => at.get(place) ?? Number.POSITIVE_INFINITY));
  return {
    relativeOrder: inOrder ? (kept + late) / (old.length + silent.length) : 0,
    strangersAhead: stands.filter((index) => index > firstStranger).length,
    againIn: gone.filter((place) => at.has(place) || (admitted.get(place) ?? 0) > (before.get(place) ?? 0))
      .length,
    thrownOut,
    passesRefused,
    slotsOver: Math.max(0, watch.mostSlots - capacity),
    slotsFree: capacity - watch.slots,
    wholeMs,
    firstAdmissionMs,
  };
}

/** Place → turns that the core has recorded. */
const admittedOf = (databaseUrl: string): Promise<Map<string, number>> =>
  onServer(databaseUrl, async (client) => {
    const { rows } = await client.query<{ place: string; turns: number }>(
      'select place, count(*)::int turns from admissions where event = $1 group by place',
      [EVENT],
    );
    return new Map(rows.map(({ place, turns }) => [place, turns]));
  });

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  while (!(await condition().catch(() => false))) {
    if (performance.now() > deadline) throw new Error('The line did not heal.');
    await delay(100);
  }
}
