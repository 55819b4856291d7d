import { type AdmissionReason, Room, type Stock } from '@onsale/shared/http/internal';
import type { Odds, WaitRange } from '@onsale/shared/http/line';
import { type Lane, lanes } from '@onsale/shared/lanes';
import { limits } from '@onsale/shared/limits';
import { roomStateOf } from '@onsale/shared/room-state';
import type { Snapshot } from '@onsale/shared/snapshot';
import { decide, isSoldOut } from '../../../gateway/src/admission/decide.ts';
import { settled } from '../../../gateway/src/admission/estimates.ts';
import { stockForecastOf } from '../../../gateway/src/admission/forecast.ts';
import { type Memory, remember } from '../../../gateway/src/admission/memory.ts';
import { snapshotOf } from '../../../gateway/src/admission/snapshot-of.ts';
import { oddsOf, waitOf } from '../../../gateway/src/http/view/outlook.ts';
import type { Look } from '../../../gateway/src/line/look.ts';
import { type Random, seeded } from '../../crowd/random.ts';
import { Agenda } from './agenda.ts';
import { ModelLine } from './model-line.ts';
import { PerFan } from './per-fan.ts';
import type { Scenario } from './scenario.ts';

/** What a fan was told, and when: at his join, and every two minutes after. */
export interface Told {
  readonly atMs: number;
  readonly atJoin: boolean;
  readonly wait: WaitRange | null;
  readonly odds: Odds | null;
}

/** One turn of one fan, from his join to what came of it. */
export interface Fan {
  readonly lane: Lane;
  readonly turn: number;
  readonly told: Told[];
  there: boolean;
  gone: boolean;
  passedOver: boolean;
  letInAtMs: number | undefined;
  /** Whether he wants tickets and goes for them when his turn comes. */
  readonly buyer: boolean;
  got: boolean;
}

export interface Outcome {
  readonly fans: readonly Fan[];
  /** When everything was sold, or the simulation ended. */
  readonly overAtMs: number;
  readonly soldOut: boolean;
  readonly letIn: number;
  readonly reasons: Readonly<Partial<Record<AdmissionReason, number>>>;
}

const TELL_EVERY_MS = 120_000;
const MINUTE = 60_000;
/** Any moment: the clock of the simulation. */
const START_MS = 1_700_000_000_000;

/**
 * A sale on a simulated clock. `decide`, the memory, the forecast, the snapshot and what a fan is told are those that run in
 * production; the line, the fans and the core are models.
 */
export function simulate(scenario: Scenario, seed: number): Outcome {
  return new Sale(scenario, seed).run();
}

class Sale {
  readonly #scenario: Scenario;
  readonly #random: Random;
  readonly #line = new ModelLine<Fan>();
  readonly #agenda = new Agenda<() => void>();
  readonly #fans: Fan[] = [];
  readonly #flow: Map<number, Record<Lane, number>> = new Map();
  readonly #perFan = new PerFan();
  readonly #reasons: Partial<Record<AdmissionReason, number>> = {};
  #room: Room;
  #nowMs = START_MS;
  #offers = 0;
  #sessions = 0;
  #claims: number[] = [];
  #stock = { free: 0, held: 0, sold: 0, holders: 0 };
  #credit = 0;
  #letIn = 0;
  #memory: Memory | undefined;
  #snapshot: Snapshot | undefined;
  #overAtMs: number | undefined;

  constructor(scenario: Scenario, seed: number) {
    this.#scenario = scenario;
    this.#random = seeded(seed, 7);
    this.#stock.free = scenario.tickets;
    this.#room = Room.parse({
      ...scenario.policy,
      eventId: 'a-sale',
      version: 1,
      epoch: 1,
      open: true,
      orderMode: 'arrival',
      opensAtMs: START_MS + Math.round(scenario.doorsMinutes * MINUTE),
      endsAtMs: null,
      identity: 'session',
      whenAway: 'hold',
      message: null,
      seed: '0'.repeat(64),
      commitment: '0'.repeat(64),
    });
  }

  run(): Outcome {
    const { minutes, changes } = this.#scenario;
    for (const { atMinutes, policy } of changes) {
      this.#after(atMinutes * MINUTE, () => {
        this.#room = { ...this.#room, ...policy, version: this.#room.version + 1 };
      });
    }
    this.#comeOne('general');
    this.#comeOne('priority');
    const endsAtMs = START_MS + minutes * MINUTE;
    for (let tick = 0; this.#nowMs < endsAtMs && this.#overAtMs === undefined; tick += 1) {
      this.#nowMs += limits.tickMs;
      for (let what = this.#agenda.due(this.#nowMs); what; what = this.#agenda.due(this.#nowMs)) what();
      this.#tick(tick);
      if (tick % (TELL_EVERY_MS / limits.tickMs) === 0) {
        for (const [fan, place] of this.#line.places()) if (fan.there) this.#tell(fan, place, false);
      }
    }
    return {
      fans: this.#fans,
      overAtMs: this.#overAtMs ?? this.#nowMs,
      soldOut: this.#overAtMs !== undefined,
      letIn: this.#letIn,
      reasons: this.#reasons,
    };
  }

  #after(ms: number, what: () => void): void {
    this.#agenda.add(this.#nowMs + ms, what);
  }

  /** Fans come by chance: so many before the doors, evenly, and so many a minute afterwards. */
  #comeOne(lane: 'general' | 'priority'): void {
    const { crowd, doorsMinutes, minutes } = this.#scenario;
    const { before, perMinute } = crowd[lane];
    const untilDoors = doorsMinutes * MINUTE;
    for (let fan = 0; fan < before; fan += 1) {
      this.#after(this.#random() * Math.max(1, untilDoors - 1_000), () => this.#join(lane, 1));
    }
    const next = (atMs: number): void => {
      if (perMinute === 0 || atMs > minutes * MINUTE) return;
      this.#agenda.add(START_MS + atMs, () => {
        this.#join(lane, 1);
        next(atMs + (-Math.log(1 - this.#random()) / perMinute) * MINUTE);
      });
    };
    next(untilDoors);
  }

  #join(lane: Lane, turn: number): void {
    const { fans } = this.#scenario;
    const random = this.#random;
    const fan: Fan = {
      lane,
      turn,
      told: [],
      there: true,
      gone: false,
      passedOver: false,
      letInAtMs: undefined,
      buyer: random() >= fans.noShow && random() >= fans.looksOnly,
      got: false,
    };
    this.#fans.push(fan);
    this.#line.join(fan);
    this.#tell(fan, this.#line.waiting(lane), true);
    if (random() < fans.absent) this.#after(random() * 4 * MINUTE, () => this.#closePage(fan));
    if (fans.leavesPerMinute > 0) {
      this.#after((-Math.log(1 - random()) / fans.leavesPerMinute) * MINUTE, () => {
        if (fan.letInAtMs === undefined && !fan.gone) this.#line.leave(fan);
      });
    }
  }

  #closePage(fan: Fan): void {
    fan.there = false;
    fan.passedOver = true;
    if (this.#random() >= this.#scenario.fans.comesBack) return;
    this.#after((2 + this.#random() * 10) * MINUTE, () => {
      fan.there = true;
    });
  }

  #tell(fan: Fan, place: number, atJoin: boolean): void {
    const now = { room: this.#room, snapshot: this.#snapshot };
    const state = this.#snapshot?.room.state;
    const moving = state === 'open' || state === 'preOpening';
    fan.told.push({
      atMs: this.#nowMs,
      atJoin,
      wait: moving ? waitOf({ place, lane: fan.lane }, now, this.#nowMs) : null,
      odds: state === 'soldOut' ? null : oddsOf({ place, lane: fan.lane }, now, this.#nowMs),
    });
  }

  #tick(tick: number): void {
    const stock = this.#stockNow();
    const waiting = lanes.reduce((sum, lane) => sum + this.#line.waiting(lane), 0);
    this.#claims = this.#claims.filter((atMs) => atMs > this.#nowMs - limits.freshShopperMs);
    const { wish, reason: bound } = decide({
      state: this.#state(false) as 'open',
      policy: this.#room,
      line: { waiting: waiting + this.#line.away.size },
      shoppers: { offers: this.#offers, sessions: this.#sessions, fresh: this.#claims.length },
      stock,
    });
    const { ratePerMinute } = this.#room;
    this.#credit = Math.min(
      Math.max(1, (ratePerMinute * limits.rateCreditMs) / MINUTE),
      this.#credit + (ratePerMinute * limits.tickMs) / MINUTE,
    );
    const count = Math.max(0, Math.min(wish, Math.floor(this.#credit + 1e-6), limits.batchMaxPlaces));
    const reason = count < wish ? 'rate' : bound;
    const { priorityPercent: priority, returningPercent: returning } = this.#room;
    const taken = this.#line.take(count, { priority, returning, general: 100 - priority - returning });
    for (const fan of taken) this.#letInOne(fan);
    this.#credit -= taken.length;
    this.#reasons[reason] = (this.#reasons[reason] ?? 0) + 1;
    if (isSoldOut(stock)) this.#overAtMs = this.#nowMs;
    if (tick % (1_000 / limits.tickMs) === 0) this.#look(reason, stock);
  }

  #state(soldOut: boolean) {
    return roomStateOf(this.#room, { nowMs: this.#nowMs, soldOut, healing: false });
  }

  #stockNow(): Stock {
    const { free, held, sold, holders } = this.#stock;
    const overForMs = this.#room.claimWindowMs + this.#room.sessionTtlMs;
    return {
      ...{ free, held, sold, holders, blocked: 0, lapsing: 0, total: free + held + sold, pressure: 0 },
      heldUntilMs: held > 0 ? this.#nowMs + 5 * MINUTE : null,
      perFan: this.#perFan.until(this.#nowMs - overForMs),
      asOfMs: this.#nowMs,
    };
  }

  #look(reason: AdmissionReason, stock: Stock): void {
    const shape = (lane: Lane) => ({
      waiting: this.#line.waiting(lane),
      front: [],
      passed: 0,
      presentUpTo: null,
    });
    const look: Look = {
      seq: this.#nowMs,
      nowMs: this.#nowMs,
      room: this.#room,
      epoch: 1,
      healing: false,
      lost: false,
      gathered: true,
      turnsKnown: true,
      inLanes: lanes.reduce((sum, lane) => sum + this.#line.waiting(lane), 0),
      away: this.#line.away.size,
      inBatch: undefined,
      offers: this.#offers,
      sessions: this.#sessions,
      fresh: this.#claims.length,
      flow: [...this.#flow]
        .map(([second, counts]) => ({ atMs: second * 1_000, ...counts }))
        .filter(({ atMs }) => atMs > this.#nowMs - MINUTE),
      left: this.#line.left,
      memory: undefined,
      lanes: { general: shape('general'), priority: shape('priority'), returning: shape('returning') },
      samplesSeq: 0,
      noShows: 0,
    };
    this.#memory = settled(this.#room, remember(this.#memory, look, { reason, stock }));
    this.#snapshot = snapshotOf(look, {
      reason,
      soldOut: isSoldOut(stock),
      stock: stockForecastOf(stock, this.#memory, look),
      memory: this.#memory,
    });
    this.#flow.delete(Math.floor(this.#nowMs / 1_000) - 64);
  }

  #letInOne(fan: Fan): void {
    const { fans } = this.#scenario;
    const random = this.#random;
    const second = Math.floor(this.#nowMs / 1_000);
    const counts = this.#flow.get(second) ?? { priority: 0, returning: 0, general: 0 };
    counts[fan.lane] += 1;
    this.#flow.set(second, counts);
    this.#letIn += 1;
    this.#offers += 1;
    fan.letInAtMs = this.#nowMs;
    const turn = this.#perFan.admitted(this.#nowMs);
    const claims = fan.buyer || random() >= fans.noShow / (fans.noShow + fans.looksOnly + 1e-9);
    if (!claims) {
      this.#after(this.#room.claimWindowMs, () => {
        this.#offers -= 1;
        if (fan.turn < limits.turnsMax && random() < fans.joinsAgain) {
          this.#after(random() * 3 * MINUTE, () => this.#join('returning', fan.turn + 1));
        }
      });
      return;
    }
    this.#after(this.#about(0.25), () => {
      this.#offers -= 1;
      this.#sessions += 1;
      this.#claims.push(this.#nowMs);
      const endsAtMs = this.#nowMs + this.#room.sessionTtlMs;
      if (fan.buyer) this.#after(this.#about(fans.choosesMinutes), () => this.#choose(fan, turn, endsAtMs));
      else
        this.#agenda.add(Math.min(endsAtMs, this.#nowMs + this.#about(fans.choosesMinutes * 2)), () =>
          this.#endSession(),
        );
    });
  }

  #choose(fan: Fan, turn: { bought: number }, endsAtMs: number): void {
    const { fans } = this.#scenario;
    if (this.#nowMs >= endsAtMs) {
      this.#endSession();
      return;
    }
    const wanted = 1 + pick(this.#random(), fans.wants);
    const quantity = Math.min(wanted, this.#stock.free);
    if (quantity === 0) {
      this.#after(15_000, () => this.#choose(fan, turn, endsAtMs));
      return;
    }
    fan.got = true;
    this.#stock.free -= quantity;
    this.#stock.held += quantity;
    this.#stock.holders += 1;
    const buys = this.#random() < fans.buys;
    const doneAtMs = Math.min(endsAtMs, this.#nowMs + this.#about(fans.paysMinutes));
    this.#agenda.add(buys ? doneAtMs : Math.min(endsAtMs, doneAtMs + this.#about(fans.paysMinutes)), () => {
      this.#stock.held -= quantity;
      this.#stock.holders -= 1;
      if (buys) {
        this.#stock.sold += quantity;
        turn.bought += quantity;
      } else {
        this.#stock.free += quantity;
      }
      this.#endSession();
    });
  }

  #endSession(): void {
    this.#sessions -= 1;
  }

  /** A time that is sometimes much longer, never much shorter. */
  #about(minutes: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
    return minutes * MINUTE * Math.exp(0.6 * normal - 0.18);
  }
}

function pick(at: number, chances: readonly number[]): number {
  let left = at;
  const found = chances.findIndex((odds) => {
    left -= odds;
    return left < 0;
  });
  return found === -1 ? chances.length - 1 : found;
}
