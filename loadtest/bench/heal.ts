import { limits } from '@onsale/shared/limits';
import { auditSale } from '../audit/audit.ts';
import { printed } from '../audit/print.ts';
import { wish } from '../crowd/operator.ts';
import type { Bench, Context } from './bench.ts';
import { type Fan, Fans, forEach } from './heal/fans.ts';
import { type Loss, lose } from './heal/loss.ts';
import { EVENT, type HealStage, startStage } from './heal/stage.ts';
import { Watch } from './heal/watch.ts';
import { summaryOf } from './statistics.ts';
import { atLeast, atMost } from './verdicts.ts';

const WAITING = 10_000;
const STRANGERS = 1_000;
const SOCKETS = 1_500;
const SILENT = 1_500;
/** Slots that are added while the line heals: they are filled at once when it has, and no more. */
const MORE_SLOTS = 20;
const ADMITTED = 30;
/** While the line gathers, and what detection, the first tick and its record take. */
const WHOLE_MAX_MS = limits.healMs + 5_000;
const ADMISSION_MAX_MS = limits.healMs + 10_000;

export const heal: Bench = {
  name: 'heal',
  question:
    'Does a line of 10,000 come back whole when Redis is wiped, or killed and restarted, and 1,000 strangers join meanwhile?',
  minutes: { quick: 3, full: 3 },
  async run(context) {
    const stage = await startStage(context);
    const desk = { url: stage.sale.gatewayUrl, operatorToken: stage.sale.operatorToken, event: EVENT };
    const policy = {
      ratePerMinute: 60_000,
      capacity: ADMITTED,
      claimWindowMs: 120_000,
      sessionTtlMs: 600_000,
    };
    await wish(desk, { policy });
    const fans = new Fans(stage.sale.gatewayUrls);
    const watch = new Watch(stage.sale.redisUrl, stage.sale.redisPrefix);
    watch.start();

    const line: Fan[] = [];
    await forEach(
      Array.from({ length: ADMITTED }, (_, at) => at),
      1,
      async (at) => line.push(await fans.join(at)),
    );
    const gone = await firstTurns(context, stage, fans, line);
    await forEach(
      Array.from({ length: WAITING }, (_, at) => ADMITTED + at),
      64,
      async (at) => line.push(await fans.join(at)),
    );
    line.sort((a, b) => a.order - b.order);
    const old = line.slice(ADMITTED);
    const removed = old.splice(500, 3);
    for (const { place } of removed) await remove(desk, place);
    const left = old.splice(700, 3);
    for (const { call, token } of left) await call('leave', { params: { eventId: EVENT }, token });
    context.say(`${watch.waiting} wait; ${ADMITTED} were let in, ${gone.ended.length} of them are through`);

    const silent = old.filter((_, at) => at > 1_000 && at % 6 === 0).slice(0, SILENT);
    const there = old.filter((fan) => !silent.includes(fan));
    const sockets = there.slice(0, SOCKETS);
    await forEach(sockets, 32, (fan) => fans.listen(fan));
    const crowd = {
      sockets,
      polling: there.slice(SOCKETS),
      silent,
      shopping: gone.shopping,
      offered: gone.offered,
      gone: [...gone.ended, ...removed.map(({ place }) => place)],
    };
    const losses: Loss[] = [];
    const { redisServer } = stage;
    const ways = [
      async () => void (await watch.redis.flushall()),
      async () => {
        await redisServer.kill('SIGKILL');
        await redisServer.start();
      },
    ];
    for (const [round, how] of ways.entries()) {
      context.say(round === 0 ? 'Redis is wiped' : 'Redis is killed, and started from its files');
      const from = WAITING + ADMITTED + round * STRANGERS;
      const offered = round === 0 ? crowd.offered : [];
      const capacity = ADMITTED + MORE_SLOTS * (round + 1);
      const raise = (): Promise<void> => wish(desk, { policy: { capacity } });
      losses.push(
        await lose(
          context,
          stage,
          fans,
          watch,
          { ...crowd, offered },
          { how, raise, capacity, strangers: STRANGERS, from },
        ),
      );
    }
    await wish(desk, { policy: { paused: true } });
    await watch.stop();
    fans.close(line);
    const audit = await auditSale({ ...stage.sale, event: EVENT });
    if (!audit.clean) context.say(printed(audit));
    for (const fault of new Set(fans.faults)) context.say(`broken: ${fault}`);
    const broken = audit.verdicts.reduce((sum, verdict) => sum + verdict.broken, 0);
    return outcomeOf(losses, { faults: fans.faults.length, broken });
  },
};

/** Ten buy, two are revoked, eight leave, five shop, five have an offer in their hands. */
async function firstTurns(context: Context, { sale }: HealStage, fans: Fans, admitted: readonly Fan[]) {
  const [bought, revoked, leaving, shopping, offered] = [
    admitted.slice(0, 10),
    admitted.slice(10, 12),
    admitted.slice(12, 20),
    admitted.slice(20, 25),
    admitted.slice(25, 30),
  ];
  for (const fan of [...bought, ...revoked, ...leaving, ...shopping]) {
    let claimed = await fans.claim(fan);
    for (let again = 0; again < 50 && !claimed; again += 1) claimed = await fans.claim(fan);
    if (!claimed) context.say('a fan was not let in at once');
  }
  for (const fan of bought) await fans.buy(fan);
  for (const { call, token } of leaving) await call('leave', { params: { eventId: EVENT }, token });
  for (const { place } of revoked) {
    await operator(sale, `rooms/${EVENT}/revocations`, { place, turn: 1, why: 'the bench wants it' });
  }
  return {
    ended: [...bought, ...revoked, ...leaving].map(({ place }) => place),
    shopping,
    offered,
  };
}

const remove = (desk: { url: string; operatorToken: string }, place: string): Promise<void> =>
  operator({ gatewayUrl: desk.url, operatorToken: desk.operatorToken }, `rooms/${EVENT}/removals`, {
    place,
    why: 'the bench wants it',
  });

async function operator(
  { gatewayUrl, operatorToken }: { gatewayUrl: string; operatorToken: string },
  path: string,
  body: object,
): Promise<void> {
  const answer = await fetch(`${gatewayUrl}/api/v1/operator/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${operatorToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

function outcomeOf(losses: readonly Loss[], { faults, broken }: { faults: number; broken: number }) {
  const of = (figure: keyof Loss): number[] => losses.map((loss) => loss[figure]);
  const sum = (figure: keyof Loss): number => of(figure).reduce((total, one) => total + one, 0);
  const result = (name: string, unit: string, values: number[]) => ({ name, unit, ...summaryOf(values) });
  return {
    results: [
      result('line whole after', 'ms', of('wholeMs')),
      result('first admission after', 'ms', of('firstAdmissionMs')),
      result('slots free afterwards', 'slots', of('slotsFree')),
    ],
    verdicts: [
      atLeast(
        'heal-relative-order',
        'Old places with their own order again, of all',
        1,
        Math.min(...of('relativeOrder')),
      ),
      atMost('heal-strangers-ahead', 'Old places behind a stranger', 0, sum('strangersAhead')),
      atMost(
        'heal-admitted-twice',
        'Who had bought, left, was removed or revoked, and came in again',
        0,
        sum('againIn'),
      ),
      atMost('heal-capacity', 'Offers and sessions beyond the capacity', 0, sum('slotsOver')),
      atMost('heal-shoppers-thrown-out', 'Shoppers whose session did not count', 0, sum('thrownOut')),
      atMost(
        'heal-passes-refused',
        'Offers that could not be claimed in their window',
        0,
        sum('passesRefused'),
      ),
      atMost('heal-places-back', 'Places that moved back, and answers that are no answers', 0, faults),
      atMost('heal-whole-ms', 'Time until the line is whole, ms', WHOLE_MAX_MS, Math.max(...of('wholeMs'))),
      atMost(
        'heal-admission-ms',
        'Time until the first admission, ms',
        ADMISSION_MAX_MS,
        Math.max(...of('firstAdmissionMs')),
      ),
      atMost('heal-audit', 'Rows that break a promise of the audit', 0, broken),
    ],
  };
}
