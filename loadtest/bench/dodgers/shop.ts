import { setTimeout as delay } from 'node:timers/promises';
import { deviceOf, uuidOf } from '@onsale/shared/ids';
import { limits } from '@onsale/shared/limits';
import { signToken } from '@onsale/shared/tokens/hmac';
import type { Line } from '../../../gateway/src/line/line.ts';
import { chance, seeded } from '../../crowd/random.ts';
import { groupsOf, USUAL } from '../seats/groups.ts';
import type { House } from './house.ts';
import { EVENT } from './stadium.ts';

/** Shoppers who ask the core for something at once; the others of the room think. More would wait for its connections. */
const ASKING_MAX = 60;
/** What is away for a moment is asked again with the same key, as browsers do, so often at most. */
const REPEATS_MAX = 20;
/** One fan in so many needs a wheelchair space and a seat beside it: more than there are for, so that none is left. */
const WHEELCHAIRS = 1 / 20;
const SEED = 20_270_717;
/** What a fan is told who cannot have what he wants. */
const NONE = new Set(['soldOut', 'notEnough', 'notTogether']);

interface Problem {
  readonly code: string;
  readonly retryAfterMs?: number;
}

interface Offered {
  readonly place: string;
  readonly turn: number;
}

interface Shopper {
  readonly place: string;
  /** As the gateway signs it. */
  readonly session: string;
}

/** Fans who were let in: each claims his offer, takes the best seats for his group, orders, pays, and goes. */
export class Shop {
  readonly #house: House;
  readonly #line: Line;
  readonly #next = groupsOf(USUAL, SEED);
  readonly #random = seeded(SEED);
  readonly #waiting: Shopper[] = [];
  readonly #onFault: (fault: unknown) => void;
  #coming = 0;
  #asking = 0;
  /** Fans let in, those who found nothing, and what the others bought. */
  cameIn = 0;
  inVain = 0;
  orders = 0;
  tickets = 0;
  /** Requests that were sent again, because a part was away or had too much to do. */
  repeats = 0;
  /** By performance.now(). */
  firstCameMs = 0;
  lastPaidMs = 0;

  constructor(house: House, line: Line, onFault: (fault: unknown) => void) {
    this.#house = house;
    this.#line = line;
    this.#onFault = onFault;
  }

  get isEmpty(): boolean {
    return this.#coming + this.#asking + this.#waiting.length === 0;
  }

  /** They claim at once; then they wait for others who ask. */
  enter(offered: readonly Offered[]): void {
    if (this.cameIn === 0) this.firstCameMs = performance.now();
    this.cameIn += offered.length;
    for (const fan of offered) void this.#welcome(fan).catch(this.#onFault);
  }

  /** Sends home who waits for others. Done when those who ask have their answers. */
  async close(): Promise<void> {
    this.#waiting.length = 0;
    while (this.#asking > 0) await delay(limits.drainSweepMs);
  }

  async #welcome(offered: Offered): Promise<void> {
    this.#coming += 1;
    this.#waiting.push({ place: offered.place, session: await this.#claim(offered) });
    this.#coming -= 1;
    if (this.#asking >= ASKING_MAX) return;
    this.#asking += 1;
    try {
      for (let fan = this.#waiting.shift(); fan !== undefined; fan = this.#waiting.shift())
        await this.#visit(fan);
    } finally {
      this.#asking -= 1;
    }
  }

  async #visit({ place, session }: Shopper): Promise<void> {
    const hold = await this.#hold(session, place);
    if (hold === undefined) {
      this.inVain += 1;
      await this.#line.leave(EVENT, place, 'left');
      return;
    }
    await this.#line.took(EVENT, place);
    await this.#buy(session, hold.holdId);
    await this.#line.leave(EVENT, place, 'ordered');
    this.orders += 1;
    this.tickets += hold.tickets.length;
    this.lastPaidMs = performance.now();
  }

  async #claim({ place, turn }: Offered): Promise<string> {
    const { outcome, shopping } = await this.#line.claim(EVENT, place, turn);
    if (shopping === undefined) throw new Error(`An offer was not to be claimed: ${outcome}`);
    const buyer = uuidOf('fan', place);
    const expiresAtMs = shopping.sessionExpiresAtMs;
    return signToken(this.#house.ring, 'session', {
      event: EVENT,
      place,
      turn,
      buyer,
      device: deviceOf(buyer),
      expiresAtMs,
    });
  }

  /** Seats beside each other for all of his group, or one for himself. */
  async #hold(session: string, place: string): Promise<{ holdId: string; tickets: unknown[] } | undefined> {
    const ask = (best: object, key: string) =>
      this.#ask<{ holdId: string; tickets: unknown[] }>(`/api/v1/events/${EVENT}/holds`, session, key, {
        best,
      });
    if (chance(this.#random, WHEELCHAIRS)) return ask({ quantity: 2, wheelchairs: 1 }, `${place}-chair`);
    const { size } = this.#next();
    return (
      (await ask({ quantity: size }, `${place}-group`)) ??
      (size > 1 ? ask({ quantity: 1 }, `${place}-alone`) : undefined)
    );
  }

  async #buy(session: string, holdId: string): Promise<void> {
    const order = (await this.#ask<{ orderId: string; orderToken: string }>(
      '/api/v1/orders',
      session,
      holdId,
      {
        holdId,
        name: 'Fan of the bench',
        email: 'fan@example.com',
      },
    ))!;
    const paid = await this.#ask<{ state: string }>(
      `/api/v1/orders/${order.orderId}/payments`,
      order.orderToken,
      holdId,
      { method: 'sandboxApprove' },
    );
    if (paid?.state !== 'paid') throw new Error(`An order is not paid: ${paid?.state}`);
  }

  /** @returns undefined when there are no such seats. @throws on any other refusal */
  async #ask<Answer>(path: string, token: string, key: string, body: object): Promise<Answer | undefined> {
    for (let repeats = 0; ; repeats += 1) {
      const answer = await this.#house.ask(path, { token, key, body });
      if (answer.status < 300) return answer.body as Answer;
      const { code, retryAfterMs } = answer.body as Problem;
      if (NONE.has(code)) return undefined;
      if (retryAfterMs === undefined || repeats >= REPEATS_MAX)
        throw new Error(`${path} was refused: ${code}`);
      this.repeats += 1;
      await delay(retryAfterMs);
    }
  }
}
