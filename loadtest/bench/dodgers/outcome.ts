import { limits } from '@onsale/shared/limits';
import type { Outcome } from '../bench.ts';
import type { Result } from '../report.ts';
import { ratios, type Summary, summaryOf } from '../statistics.ts';
import { atMost } from '../verdicts.ts';
import type { Chunk } from './join.ts';
import type { Played } from './play.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;
/** As line-memory promises it, at a million. */
const BYTES_A_FAN = 140;
/** line-memory promises it at a million: among fewer, what a room has whatever its line is weighs too. */
const FANS_WEIGHED = 1_000_000;
const MEMORY_GIB = 4;

/** How long a run may take, seconds: the usual one a minute, a million fans five, ten million ten. */
const secondsFor = (fans: number): number => (fans <= 200_000 ? 60 : fans <= 1_000_000 ? 300 : 600);

export function outcomeOf(played: Played): Outcome {
  return { results: resultsOf(played), verdicts: verdictsOf(played) };
}

function resultsOf(played: Played): Result[] {
  const { fans, seats, before, after, ticks, sold, told, raw, phases } = played;
  const sellSeconds = sold.ms / 1_000;
  const rawSeconds = raw.tookMs.map((ms) => ms / 1_000);
  const joinSeconds = phases.get('join before the doors open')! + phases.get('join after them')!;
  return [
    one('fans who joined', 'fans', fans),
    one('seats', 'tickets', seats),
    one('fans let in', 'fans', sold.cameIn),
    one('of them, who found no seats', 'fans', sold.inVain),
    one('fans who wait in the end', 'fans', told.waiting),
    ...joinsOf('before the doors open', before),
    ...joinsOf('after them', after),
    one('joins, all of them and what was measured between', 'joins/s', fans / joinSeconds),
    named('tick while everyone waits', 'ms', summaryOf(ticks.full)),
    one('tick while everyone waits, 99th percentile', 'ms', percentile(ticks.full, 0.99)),
    named('tick that lets fans in', 'ms', summaryOf(ticks.selling)),
    one('tick that lets fans in, 99th percentile', 'ms', percentile(ticks.selling, 0.99)),
    one('admissions', 'fans/s', sold.cameIn / sellSeconds),
    one('orders paid', 'orders/s', sold.orders / sellSeconds),
    one('requests of shoppers sent again', 'requests', sold.repeats),
    one('tickets sold', 'tickets/s', sold.tickets / sellSeconds),
    named(
      'the same rows, bare inserts',
      'rows/s',
      summaryOf(rawSeconds.map((seconds) => raw.rows / seconds)),
    ),
    named(
      'selling ÷ bare inserts of its rows',
      '×',
      summaryOf(rawSeconds.map((seconds) => seconds / sellSeconds)),
    ),
    one('Redis, of one waiting fan', 'bytes', played.bytesPerFan),
    one('Redis, in the end', 'MiB', played.redisBytes / MIB),
    one('Redis, the most it had of the system', 'MiB', played.peakBytes.redis / MIB),
    one("the bench's processes, the most they had", 'MiB', played.peakBytes.bench / MIB),
    ...[...phases].map(([phase, seconds]) => one(`time: ${phase}`, 's', seconds)),
    one('time: all', 's', played.seconds),
  ];
}

function joinsOf(when: string, chunks: readonly Chunk[]): Result[] {
  const [joins, raw] = [chunks.map((chunk) => chunk.joins), chunks.map((chunk) => chunk.raw)];
  return [
    named(`joins, ${when}`, 'joins/s', summaryOf(joins)),
    named(`bare ZADDs of the same, ${when}`, 'ZADDs/s', summaryOf(raw)),
    named(`joins ÷ bare ZADDs, ${when}`, '×', summaryOf(ratios(joins, raw))),
  ];
}

function verdictsOf({
  fans,
  seats,
  ticks,
  joined,
  told,
  booked,
  broken,
  ...played
}: Played): Outcome['verdicts'] {
  const unsold = Math.abs(seats - booked.sold) + booked.twice;
  const lost = joined.missing(told.found) + Math.abs(booked.admitted - (joined.count - told.waiting));
  const peakGib = (played.peakBytes.redis + played.peakBytes.bench) / GIB;
  return [
    atMost('dodgers-audit-clean', 'Rows that break a promise of the audit', 0, broken),
    atMost('dodgers-sold-exactly', 'Seats that are not sold, or sold twice', 0, unsold),
    atMost('dodgers-nobody-lost', 'Fans who joined, and neither wait nor were let in, once', 0, lost),
    atMost('dodgers-all-told', 'Fans who wait and are not told that all is sold', 0, told.misled),
    atMost(
      'dodgers-tick-p99-ms',
      'A tick while everyone waits, 99th percentile: over before the next, ms',
      limits.tickMs,
      percentile(ticks.full, 0.99),
    ),
    ...(fans < FANS_WEIGHED
      ? []
      : [
          atMost(
            'dodgers-redis-bytes-a-fan',
            'Bytes of Redis per waiting fan',
            BYTES_A_FAN,
            played.bytesPerFan,
          ),
        ]),
    atMost('dodgers-memory-gib', 'The most that Redis and the bench had together, GiB', MEMORY_GIB, peakGib),
    atMost('dodgers-within-time', 'Seconds that all of it took', secondsFor(fans), played.seconds),
  ];
}

const named = (name: string, unit: string, summary: Summary): Result => ({ name, unit, ...summary });
const one = (name: string, unit: string, value: number): Result => named(name, unit, summaryOf([value]));

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
