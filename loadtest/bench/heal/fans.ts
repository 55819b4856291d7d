import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { PlaceStatus } from '@onsale/shared/http/line';
import { ServerMessage, SOCKET_EVENT, SOCKET_VERSION } from '@onsale/shared/socket';
import { io, type Socket } from 'socket.io-client';
import { type Caller, createCaller } from '../../crowd/caller.ts';
import { seeded } from '../../crowd/random.ts';
import { Shown } from '../../crowd/shown.ts';
import { Tally } from '../../crowd/tally.ts';
import { openWire, type Wire } from '../../crowd/wire.ts';
import { EVENT } from './stage.ts';

const params = { eventId: EVENT };

/** One fan of the bench: his place as his token says it, and the places he was told. */
export interface Fan {
  readonly call: Caller;
  readonly shown: Shown;
  readonly url: string;
  readonly token: string;
  readonly place: string;
  readonly order: number;
  session?: string;
  socket?: Socket;
}

/** Fans of several gateways, and what they were told that may not be. */
export class Fans {
  readonly faults: string[] = [];
  readonly #wires: readonly (readonly [url: string, wire: Wire])[];
  readonly #over = new AbortController();
  readonly #tally = new Tally();

  constructor(urls: readonly string[]) {
    this.#wires = urls.map((url) => [url, openWire(url)]);
  }

  /** A new fan at the end of the line; his network is his own. */
  async join(number: number): Promise<Fan> {
    const [url, wire] = this.#wires[number % this.#wires.length]!;
    const address = `10.${number >>> 16}.${(number >>> 8) & 255}.${number & 255}`;
    const call = createCaller({
      wire,
      address,
      tally: this.#tally,
      random: seeded(number),
      signal: this.#over.signal,
    });
    const { value, problem } = await call('join', { params });
    if (value === undefined) throw new Error(`fan ${number} was not let into the line: ${problem?.code}`);
    const { place, order } = JSON.parse(
      Buffer.from(value.placeToken.split('.')[2]!, 'base64url').toString(),
    ) as Fan;
    const shown = new Shown((fault) => this.faults.push(fault));
    const fan: Fan = { call, shown, url, token: value.placeToken, place, order };
    this.#see(fan, value.status, shown.asking());
    return fan;
  }

  /** Asks where he stands. */
  async poll(fan: Fan): Promise<PlaceStatus | undefined> {
    const asked = fan.shown.asking();
    const { value, problem } = await fan.call('status', { params, token: fan.token });
    if (problem !== undefined) this.faults.push(`status: ${problem.code}`);
    if (value !== undefined) this.#see(fan, value, asked);
    return value;
  }

  #see(fan: Fan, status: PlaceStatus, asked: ReturnType<Shown['asking']>): void {
    if (status.state === 'waiting' && status.place !== null) fan.shown.exact(status.place, asked);
  }

  /** Keeps a socket open, as the page does. */
  async listen(fan: Fan): Promise<void> {
    const auth = { v: SOCKET_VERSION, placeToken: fan.token };
    const socket = io(fan.url, { transports: ['websocket'], forceNew: true, auth });
    fan.socket = socket;
    socket.on(SOCKET_EVENT, (text: unknown) => {
      const message = ServerMessage.parse(text);
      if (message.type === 'place') fan.shown.pushed(message.place);
      if (message.type === 'problem') this.faults.push(`socket: ${message.problem.code}`);
      if (message.type === 'status' && message.status.state === 'waiting' && message.status.place !== null) {
        fan.shown.connected(message.status.place);
      }
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
  }

  async claim(fan: Fan): Promise<boolean> {
    const status = await this.poll(fan);
    if (status?.state !== 'offered') return false;
    const { value } = await fan.call('claim', { params, body: { pass: status.pass } });
    if (value !== undefined) fan.session = value.session;
    return value !== undefined;
  }

  /** Whether his session still opens the booking. */
  async shops(fan: Fan): Promise<boolean> {
    const body = { tierId: 'general', quantity: 1 };
    const held = await fan.call('hold', { params, token: fan.session, key: randomUUID(), body });
    return held.value !== undefined || held.problem?.code === 'buyerLimit';
  }

  /** One ticket, paid. */
  async buy(fan: Fan): Promise<void> {
    const { call, session } = fan;
    const body = { tierId: 'general', quantity: 1 };
    const hold = (await call('hold', { params, token: session, key: randomUUID(), body })).value!;
    const buyer = { holdId: hold.holdId, name: 'Fan of the bench', email: 'fan@example.com' };
    const order = (await call('order', { token: session, key: randomUUID(), body: buyer })).value!;
    const paid = await call('pay', {
      params: { orderId: order.orderId },
      token: order.orderToken,
      ...(session === undefined ? {} : { session }),
      key: randomUUID(),
      body: { method: 'sandboxApprove' },
    });
    if (paid.value?.state !== 'paid')
      throw new Error(`a fan of the bench did not pay: ${paid.problem?.code}`);
  }

  close(fans: readonly Fan[]): void {
    for (const { socket } of fans) socket?.disconnect();
    this.#over.abort();
    for (const [, wire] of this.#wires) wire.close();
  }
}

/** Does it for each, so many side by side, at most. */
export async function forEach<T>(
  items: readonly T[],
  sideBySide: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: sideBySide }, async () => {
      while (next < items.length) await work(items[next++]!);
    }),
  );
}

/** Does it for each, spread over a time. */
export async function spread<T>(
  items: readonly T[],
  overMs: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  await Promise.all(
    items.map(async (item, at) => {
      await delay((at / items.length) * overMs);
      await work(item);
    }),
  );
}
