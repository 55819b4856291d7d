import { setTimeout as delay } from 'node:timers/promises';
import { keyringOf } from '@onsale/shared/tokens/keyring';
import { Redis } from 'ioredis';
import { secretsIn } from '../../bin/stack/secrets.ts';
import type { Bench, Context, Outcome } from './bench.ts';
import { Fans } from './push/fans.ts';
import { seedLine } from './push/line-of.ts';
import { type Work, workPerTick } from './push/per-tick.ts';
import { type Measured, startBareServer, startGateway } from './push/processes.ts';
import { BARE, OURS, pushRound, type Round, type Stage } from './push/rounds.ts';
import { type Steady, steady } from './push/steady.ts';
import { type Storm, storm } from './push/storm.ts';
import type { Result } from './report.ts';
import { median, ratios, summaryOf } from './statistics.ts';
import { atMost } from './verdicts.ts';

const SOCKETS = 10_000;
const WAITING = { few: 1_000, many: 1_000_000 };
/** Sockets that stand one behind the other near the front; the others are spread over the whole line. */
const NEAR = 2_500;
const FAR_FROM = 150_000;
/** So many fans go with the tick of a round. */
const RATE_PER_MINUTE = 2_000;
const LET_IN = 20;
/** A fan with each tick. */
const SLOW_RATE_PER_MINUTE = 300;
/** Over 25 s, Socket.IO's time between two pings: so that in any window as many of them are sent. */
const OPENED_PER_SECOND = 400;
/** Sockets that never read. */
const DEAF = 200;
const PREFIX = 'push';

interface Sizes {
  readonly ours: number;
  readonly bare: number;
}

export const push: Bench = {
  name: 'push',
  question:
    'What do 10,000 sockets of one gateway process cost when a tick moves the place of every one of them?',
  minutes: { quick: 4, full: 8 },
  async run(context) {
    const rounds = context.quick ? 5 : 15;
    const steadyMs = context.quick ? 8_000 : 30_000;
    const headRoom = (rounds + 3) * LET_IN + Math.ceil((steadyMs / 60_000) * RATE_PER_MINUTE);
    const secrets = secretsIn(context.dir);
    const redis = new Redis(context.redisUrl);
    context.atEnd(async () => void redis.disconnect());
    const lineOf = (eventId: string, places: number, ratePerMinute: number, presentPlaces: number) =>
      seedLine(redis, PREFIX, keyringOf(secrets.HMAC_KEYS), {
        eventId,
        places,
        ratePerMinute,
        presentPlaces,
      });

    const gateway = await startGateway(context, secrets, PREFIX);
    const bare = await startBareServer(context);
    const fans = new Fans(context);
    const work: Record<string, Work> = {};
    for (const [name, places] of Object.entries(WAITING)) {
      const line = await lineOf(name, places, SLOW_RATE_PER_MINUTE, 0);
      work[name] = await workPerTick(redis, line, gateway, fans);
      const { sent, inside, cpuMs } = work[name];
      context.say(
        `${places} wait, a tick: ${sent.toFixed(2)} commands, ${inside.toFixed(0)} inside scripts, ${cpuMs.toFixed(2)} ms of Redis's CPU`,
      );
    }

    const line = await lineOf('everybody', WAITING.many, RATE_PER_MINUTE, headRoom);
    const first = socketPlaces(headRoom);
    const stage: Stage = { line, gateway, bare, fans, first };
    const kilobytes = await fill(context, stage);
    const told: Round[] = [];
    for (let round = -1; round < rounds; round += 1) {
      const one = await pushRound(stage);
      sayRound(context, round, one);
      if (round >= 0) told.push(one);
      if (round === Math.floor(rounds / 2)) await openDeaf(stage);
    }
    const inSale = await steady(stage, steadyMs);
    const back = await storm(stage, redis);
    context.say(
      `in a sale: ${Math.round(inSale.cpu * 100)} % of a core, ${Math.round(inSale.pushesPerSecond)} pushes/s · all back after ${back.allAfterMs} ms, ${back.commands.toFixed(2)} commands each, ${back.refused} refused${back.refusal === undefined ? '' : `: ${back.refusal}`}`,
    );
    return outcomeOf({ told, work: { few: work.few!, many: work.many! }, kilobytes, inSale, back });
  },
};

/** So many one behind the other behind those who are let in meanwhile, the rest in even distances to the end. */
function socketPlaces(headRoom: number): number[] {
  const step = Math.floor((WAITING.many - FAR_FROM) / (SOCKETS - NEAR));
  return Array.from({ length: SOCKETS }, (_, at) =>
    at < NEAR ? headRoom + at + 1 : FAR_FROM + (at - NEAR) * step,
  );
}

/** All sockets to both servers. @returns what each holds of the server's memory once it has settled, kB */
async function fill(context: Context, { line, gateway, bare, fans, first }: Stage): Promise<Sizes> {
  const before = { ours: await gateway.memory(), bare: await bare.memory() };
  await line.tick();
  const perSecond = OPENED_PER_SECOND;
  await fans.open(
    { to: OURS, port: gateway.port, auths: first.map(line.authOf), perSecond },
    { to: BARE, port: bare.port, auths: first.map(() => ({})), perSecond },
  );
  await fans.until(OURS, ({ messages }) => messages >= SOCKETS, 'a first status for every socket');
  await delay(3_000);
  const of = async (server: Measured, was: (typeof before)['ours']): Promise<number> =>
    ((await server.memory()).residentBytes - was.residentBytes) / SOCKETS / 1_000;
  const sizes = { ours: await of(gateway, before.ours), bare: await of(bare, before.bare) };
  context.say(`a socket: ${sizes.ours.toFixed(1)} kB, of the bare server ${sizes.bare.toFixed(1)} kB`);
  return sizes;
}

/** More sockets of fans who have one already, that take nothing from now on. */
async function openDeaf({ line, gateway, fans, first }: Stage): Promise<void> {
  const auths = first.slice(-DEAF).map(line.authOf);
  await fans.open({ to: 'deaf', port: gateway.port, auths, perSecond: OPENED_PER_SECOND });
  await fans.until('deaf', ({ messages }) => messages >= DEAF, 'there');
  await fans.stopReading('deaf', DEAF);
}

function sayRound(context: Context, round: number, one: Round): void {
  context.say(
    `round ${round} · gateway ${one.cpuMs.toFixed(0)} ms of CPU, bare ${one.bareCpuMs.toFixed(0)} ms, ${one.bytes.toFixed(0)} bytes each · place held after ${one.p50Ms} ms, p99 ${one.p99Ms} ms, ${one.wrong} wrong`,
  );
}

interface Figures {
  readonly told: readonly Round[];
  readonly work: { readonly few: Work; readonly many: Work };
  readonly kilobytes: Sizes;
  readonly inSale: Steady;
  readonly back: Storm;
}

function outcomeOf({ told, work: { few, many }, kilobytes, inSale, back }: Figures): Outcome {
  const of = (figure: keyof Round): number[] => told.map((round) => round[figure]);
  const cpu = ratios(of('cpuMs'), of('bareCpuMs'));
  const once = (name: string, unit: string, value: number): Result => ({ name, unit, ...summaryOf([value]) });
  const results = [
    { name: 'place held after, middle', unit: 'ms', ...summaryOf(of('p50Ms')) },
    { name: 'place held after, 99th percentile', unit: 'ms', ...summaryOf(of('p99Ms')) },
    { name: 'CPU of the gateway for a round', unit: 'ms', ...summaryOf(of('cpuMs')) },
    { name: 'CPU of the bare broadcast', unit: 'ms', ...summaryOf(of('bareCpuMs')) },
    { name: 'CPU of the bare WebSocket broadcast', unit: 'ms', ...summaryOf(of('socketCpuMs')) },
    { name: 'gateway ÷ bare broadcast', unit: '×', ...summaryOf(cpu) },
    {
      name: 'gateway ÷ bare WebSocket broadcast',
      unit: '×',
      ...summaryOf(ratios(of('cpuMs'), of('socketCpuMs'))),
    },
    { name: 'bytes of a message', unit: 'B', ...summaryOf(of('bytes')) },
    once('memory of a socket', 'kB', kilobytes.ours),
    once('memory of a socket, bare server', 'kB', kilobytes.bare),
    once('commands per tick, 1 thousand wait', 'commands', few.sent),
    once('commands per tick, 1 million wait', 'commands', many.sent),
    once('inside scripts per tick, 1 thousand wait', 'commands', few.inside),
    once('inside scripts per tick, 1 million wait', 'commands', many.inside),
    once('CPU of Redis per tick, 1 thousand wait', 'ms', few.cpuMs),
    once('CPU of Redis per tick, 1 million wait', 'ms', many.cpuMs),
    once('CPU in the midst of a sale', 'part of a core', inSale.cpu),
    once('pushes in the midst of a sale', 'pushes/s', inSale.pushesPerSecond),
    once('all back after', 'ms', back.allAfterMs),
    once('CPU of coming back, a socket', 'ms', back.cpuMs / SOCKETS),
    once('commands of coming back, a socket', 'commands', back.commands),
  ];
  const wrong = of('wrong').reduce((sum, one) => sum + one, 0);
  return {
    results,
    verdicts: [
      atMost('push-places-right', 'Places told below the true one, or above its bound', 0, wrong),
      atMost(
        'push-p99',
        `Milliseconds from the tick until 99 % of ${SOCKETS} sockets hold the new place`,
        500,
        median(of('p99Ms')),
      ),
      atMost(
        'push-vs-bare-broadcast',
        'CPU of telling everyone a place of his own, against a bare broadcast',
        1.5,
        median(cpu),
      ),
      atMost('push-memory', 'Kilobytes of memory a socket', 24, kilobytes.ours),
      atMost(
        'push-redis-commands',
        'Redis commands per tick at 1 million waiting, against 1 thousand',
        1.05,
        many.sent / few.sent,
      ),
      atMost('push-storm-refused', 'Sockets refused when all come back at once', 0, back.refused),
      atMost('push-storm-commands', 'Redis commands a socket when all come back at once', 0.5, back.commands),
    ],
  };
}
