import pg from 'pg';
import type { Sale } from '../../bin/stack/sale.ts';
import { wish } from '../../loadtest/crowd/operator.ts';
import { until } from '../until.ts';
import { asksManyTimes, EVENT, forges, hold, repeats, revokedAsks, type Seen } from './rough-fans.ts';
import { doorOf, type Shopper } from './shoppers.ts';
import { buysSlowly, isPaid } from './slow-money.ts';

/** The sandbox answers no slow payment by itself while this lasts: the load says when money is taken. */
export const LOAD_OPTIONS = { SANDBOX_SLOW_MS: '60000' } as const;

/** More than the 500 tickets there are, at two each, also without those who do something else. */
const OTHERS = 262;
const REPEATING = 4;
const PAYING = 6;
const LATE = 3;
const SHOPPERS = OTHERS + REPEATING + PAYING + LATE + 2;
/** Who comes when the room is full, and the slots they are then given; a few at a time. */
const LATECOMERS = 40;
const LAST_SLOTS = 20;
const LAST_RATE_PER_MINUTE = 1_200;
/** More than a hold lives. */
const HOLDS_ARE_OVER_MS = 3_600_001;

/**
 * What the broken builds are sensitive to, all at once on the front doors of two instances: a full line, one buyer asking many
 * times, keys sent twice, a forged and a revoked session, money told of twice and too late, and the last tickets.
 * @param sales on a database whose clock may be moved
 * @returns what fans saw; the rest the audit sees
 */
export async function roughLoad(sales: readonly Sale[]): Promise<Seen[]> {
  const db = new pg.Pool({ connectionString: sales[0]!.databaseUrl, max: 2 });
  const ground = { sales, db };
  const desk = deskOf(sales[0]!);
  const doors = sales.map(({ gatewayUrl }) => doorOf(gatewayUrl, EVENT));
  const doorFor = (number: number) => doors[number % doors.length]!;
  try {
    await wish(desk, { policy: { ratePerMinute: 60_000, capacity: SHOPPERS } });
    const shoppers = await Promise.all(
      Array.from({ length: SHOPPERS }, (_, number) => doorFor(number).enter(number)),
    );
    const taken = (count: number): Shopper[] => shoppers.splice(0, count);
    await Promise.all(
      Array.from({ length: LATECOMERS }, (_, number) => doorFor(number).join(SHOPPERS + number)),
    );
    await wish(desk, {
      policy: { ratePerMinute: LAST_RATE_PER_MINUTE, capacity: SHOPPERS + LAST_SLOTS },
    });

    const late = await Promise.all(taken(LATE).map((fan) => buysSlowly(ground, fan, 'sandboxTooLate')));
    await db.query('insert into sale_clock_offset (offset_by) values ($1)', [`${HOLDS_ARE_OVER_MS} ms`]);
    const [greedy, revoked] = taken(2);
    const [seen, paying] = await Promise.all([
      Promise.all(taken(REPEATING).map((fan) => repeats(sales, fan))),
      Promise.all(taken(PAYING).map((fan) => buysSlowly(ground, fan, 'sandboxSlow'))),
      asksManyTimes(sales, greedy!),
      forges(sales, shoppers[0]!),
      revokedAsks(sales, revoked!),
    ]);
    await Promise.all(paying.map((purchase) => isPaid(ground, purchase)));
    await Promise.all(shoppers.map((fan) => hold(fan, 'once')));
    await Promise.all(late.map((purchase) => isPaid(ground, purchase)));
    await until(async () => (await live(sales[0]!)).waiting <= LATECOMERS - LAST_SLOTS, {
      what: 'the last slots given away',
    });
    return [...new Set(seen.flat())];
  } finally {
    for (const door of doors) door.close();
    await db.end();
  }
}

const deskOf = ({ gatewayUrl, operatorToken }: Sale) => ({ url: gatewayUrl, operatorToken, event: EVENT });

async function live({ gatewayUrl, operatorToken }: Sale): Promise<{ waiting: number }> {
  const room = await fetch(`${gatewayUrl}/api/v1/operator/rooms/${EVENT}`, {
    headers: { authorization: `Bearer ${operatorToken}` },
  });
  return ((await room.json()) as { live: { waiting: number } }).live;
}
