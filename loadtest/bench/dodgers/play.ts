import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { Line } from '../../../gateway/src/line/line.ts';
import { auditSale } from '../../audit/audit.ts';
import { printed } from '../../audit/print.ts';
import type { Context } from '../bench.ts';
import { type Booked, booksOf } from './books.ts';
import { type House, openHouse } from './house.ts';
import { type Chunk, joinChunks } from './join.ts';
import { MemoryWatch, ownPeakBytes } from './memory.ts';
import { Muster } from './muster.ts';
import { sayAllAreThere } from './presence.ts';
import { insertSameRows, type RawRows } from './raw-rows.ts';
import { Shop } from './shop.ts';
import { EVENT } from './stadium.ts';
import { Joiners, startTicker } from './staff.ts';
import { type Told, tellEveryone } from './tell.ts';
import type { Ticked } from './ticker.ts';
import { failure, timer, waitUntil } from './watch.ts';

const PREFIX = 'bench-dodgers';
/** Ticks looked at while everyone waits, as they come. */
const FULL_TICKS = { quick: 20, full: 60 };
const RAW_ROUNDS = 3;
export interface Played {
  readonly fans: number;
  readonly seats: number;
  readonly before: readonly Chunk[];
  readonly after: readonly Chunk[];
  /** Of each phase that ticks, ms of every tick. */
  readonly ticks: Readonly<Record<'full' | 'selling', readonly number[]>>;
  readonly sold: Pick<Shop, 'cameIn' | 'inVain' | 'orders' | 'tickets' | 'repeats'> & { readonly ms: number };
  readonly joined: Muster;
  readonly told: Told;
  readonly booked: Booked;
  /** Rows that break a promise. */
  readonly broken: number;
  readonly raw: RawRows;
  readonly bytesPerFan: number;
  readonly redisBytes: number;
  readonly peakBytes: { readonly redis: number; readonly bench: number };
  readonly phases: ReadonlyMap<string, number>;
  readonly seconds: number;
}

/** The whole sale, phase by phase. */
export async function play(context: Context, fans: number): Promise<Played> {
  const began = performance.now();
  const timed = timer(context);
  const redis = new Redis(context.redisUrl);
  context.atEnd(async () => redis.disconnect());
  const line = new Line(redis, PREFIX);
  const memory = new MemoryWatch(redis);
  context.atEnd(async () => memory.stop());

  const house = await timed('put on sale', () => openHouse(context, fans));
  const fault = failure(context);
  const shop = new Shop(house, line, fault.of);
  context.atEnd(() => shop.close());
  const ticker = watchTicks(context, house, shop, fault.of);
  const joiners = await Joiners.start(context, {
    redisUrl: context.redisUrl,
    prefix: PREFIX,
    eventId: EVENT,
    placeKey: randomBytes(32).toString('base64'),
    seed: (await house.room()).seed,
  });
  const until = (...waiting: Parameters<typeof waitUntil>) => fault.orWhen(waitUntil(...waiting));
  await until(async () => (await line.look(EVENT, { shape: false }))?.healing === false);

  const joined = new Muster();
  const emptyBytes = await memory.usedBytes();
  const half = Math.floor(fans / 2);
  const join = (from: number, to: number) => fault.orWhen(joinChunks(context, joiners, joined, from, to));
  const before = await timed('join before the doors open', () => join(0, half));
  await timed('the doors open', async () => {
    await house.patch({ opensAtMs: await line.nowMs(), paused: true });
    await until(async () => (await line.room(EVENT))?.paused === true && ticker.last?.reason === 'paused');
  });
  const after = await timed('join after them', () => join(half, fans));
  const bytesPerFan = ((await memory.usedBytes()) - emptyBytes) / fans;
  const joinersPeak = joiners.peakBytes;
  await joiners.end();

  await timed('ticks while everyone waits', async () => {
    const wanted = FULL_TICKS[context.quick ? 'quick' : 'full'];
    ticker.phase = 'full';
    await until(() => ticker.ticks.full.length >= wanted);
  });
  let sells = true;
  context.atEnd(async () => {
    sells = false;
  });
  const present = sayAllAreThere(line, redis, PREFIX, () => sells).catch(fault.of);
  const sold = await timed('sell', async () => {
    ticker.phase = 'selling';
    await house.patch({ paused: false });
    await until(
      () => ticker.last?.reason === 'soldOut' && shop.isEmpty,
      () => shop.cameIn + shop.inVain + shop.tickets,
    );
    return { ms: shop.lastPaidMs - shop.firstCameMs };
  });
  sells = false;
  await present;
  const told = await timed('tell everyone', () => tellEveryone(line, redis, PREFIX));
  const redisBytes = await memory.usedBytes();
  const broken = await timed('audit', () => audit(context, house));
  const booked = await booksOf(house.databaseUrl);
  const raw = await timed('insert the same rows', () => insertSameRows(house.databaseUrl, RAW_ROUNDS));
  const { cameIn, inVain, orders, tickets, repeats } = shop;
  return {
    ...{ fans, seats: house.seats, before, after, ticks: ticker.ticks, joined, told, booked, broken, raw },
    sold: { cameIn, inVain, orders, tickets, repeats, ...sold },
    ...{ bytesPerFan, redisBytes },
    peakBytes: {
      redis: memory.peakBytes,
      bench: ownPeakBytes() + joinersPeak + (ticker.last?.peakBytes ?? 0),
    },
    phases: timed.seconds,
    seconds: (performance.now() - began) / 1_000,
  };
}

interface Ticks {
  phase: 'joining' | 'full' | 'selling';
  last: Ticked | undefined;
  readonly ticks: Record<'full' | 'selling', number[]>;
}

/** The worker's ticks by phase; whom they let in comes into the shop. */
function watchTicks(context: Context, house: House, shop: Shop, onEnd: (fault: unknown) => void): Ticks {
  const kept: Ticks = { phase: 'joining', last: undefined, ticks: { full: [], selling: [] } };
  const { coreUrl, serviceToken } = house;
  const options = { redisUrl: context.redisUrl, prefix: PREFIX, eventId: EVENT, coreUrl, serviceToken };
  startTicker(context, options, {
    onEnd,
    onTick(ticked) {
      kept.last = ticked;
      if (kept.phase === 'full') kept.ticks.full.push(ticked.tookMs);
      // Of ticks that let nobody in there are enough before.
      if (kept.phase === 'selling' && ticked.offered.length > 0) kept.ticks.selling.push(ticked.tookMs);
      if (ticked.offered.length > 0) shop.enter(ticked.offered);
    },
  });
  return kept;
}

async function audit(context: Context, { databaseUrl }: House): Promise<number> {
  const report = await auditSale({
    databaseUrl,
    redisUrl: context.redisUrl,
    redisPrefix: PREFIX,
    event: EVENT,
  });
  if (!report.clean) context.say(printed(report));
  return report.verdicts.reduce((sum, { broken }) => sum + broken, 0);
}
