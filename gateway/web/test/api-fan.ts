import { randomUUID } from 'node:crypto';
import type { Hold, HoldRequest } from '@onsale/shared/http/holds';
import type { Joined, PlaceStatus } from '@onsale/shared/http/line';
import type { IssuedTickets, Order } from '@onsale/shared/http/orders';
import { until } from '../../../test/until.ts';
import { patienceMs } from './patience.ts';

/** A fan without a browser, for the crowd around the one who is watched. */
export class ApiFan {
  readonly #url: string;
  readonly #eventId: string;
  readonly #address: string;
  #place = '';
  #session = '';
  #cookie = '';

  constructor(url: string, eventId: string, number: number) {
    this.#url = url;
    this.#eventId = eventId;
    this.#address = `10.30.${number >> 8}.${number & 255}`;
  }

  /** @returns the answer, or null when refused. */
  async #call<T>(method: string, path: string, token: string, body?: object): Promise<T | null> {
    const response = await this.#send(method, path, token, body);
    return response.ok ? ((await response.json()) as T) : null;
  }

  async #send(method: string, path: string, token: string, body?: object): Promise<Response> {
    const response = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: {
        'x-forwarded-for': this.#address,
        ...(this.#cookie === '' ? {} : { cookie: this.#cookie }),
        'idempotency-key': randomUUID(),
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    this.#cookie = response.headers.get('set-cookie')?.split(';')[0] ?? this.#cookie;
    return response;
  }

  /** Joins, and waits until it is let in. */
  async enter(): Promise<this> {
    const line = `/events/${this.#eventId}/line`;
    // A room that no worker has looked at yet is not there for a moment.
    const joined = await until(() => this.#call<Joined>('POST', line, ''), {
      what: 'a place',
      withinMs: patienceMs,
    });
    this.#place = joined.placeToken;
    const pass = await until(
      async () => {
        const status = await this.#call<PlaceStatus>('GET', `${line}/me`, this.#place);
        return status?.state === 'offered' && status.pass;
      },
      { what: 'a turn', withinMs: patienceMs },
    );
    type Claimed = Extract<PlaceStatus, { state: 'shopping' }>;
    this.#session = (await this.#call<Claimed>('POST', `/events/${this.#eventId}/claim`, '', {
      pass,
    }))!.session;
    return this;
  }

  async leave(): Promise<void> {
    const response = await this.#send('DELETE', `/events/${this.#eventId}/line/me`, this.#place);
    if (!response.ok) throw new Error(`leaving was refused: ${response.status} ${await response.text()}`);
  }

  hold(wish: HoldRequest): Promise<Hold | null> {
    return this.#call('POST', `/events/${this.#eventId}/holds`, this.#session, wish);
  }

  async buy({ holdId }: Hold, email = 'fan@example.com'): Promise<Order | null> {
    const buyer = { name: 'A Fan', email };
    const order = await this.#call<Order>('POST', '/orders', this.#session, { holdId, ...buyer });
    const path = `/orders/${order!.orderId}/payments`;
    return this.#call('POST', path, order!.orderToken, { method: 'sandboxApprove' });
  }

  /** Texts of the QR codes of a paid order. */
  async codes({ orderId, orderToken }: Order): Promise<string[]> {
    const issued = await this.#call<IssuedTickets>('GET', `/orders/${orderId}/tickets`, orderToken);
    return issued!.tickets.map(({ code }) => code);
  }
}
