import type { Clock } from '@onsale/shared/clock';
import { Refusal } from '@onsale/shared/errors';
import type { RoomView } from '@onsale/shared/http/line';
import { limits } from '@onsale/shared/limits';
import type { ServerMessage } from '@onsale/shared/socket';
import { estimateMsOf } from '../http/view/estimate.ts';
import { roomViewOf } from '../http/view/room-view.ts';
import type { RoomNow, Rooms } from '../http/view/rooms.ts';
import { type Signing, statusOf } from '../http/view/status.ts';
import type { Line } from '../line/line.ts';
import { placeFrom } from '../line/place.ts';
import type { Standing } from '../line/standing.ts';
import { cadenceMs } from './cadence.ts';
import { nextReadMs } from './next-read.ts';
import { inStrides } from './strides.ts';
import { type Push, tell, type Watched } from './watched.ts';

export interface EchoNeeds extends Signing {
  readonly line: Pick<Line, 'standings'>;
  readonly rooms: Rooms;
  /** Told of every message that was sent, for the metrics. */
  readonly onPush: (type: Push) => void;
}

/**
 * The sockets of one event, and what each is told. A look derives every place from the snapshot; only who cannot be
 * derived is read exactly, so many a look, the rest at the next:
 *
 *   waiting   place from the snapshot -> told when it is less than the one shown, as often as cadence.ts says
 *             gone from it            -> read exactly
 *   let in    at the end of the offer or session, and now and then before -> read exactly
 *   any       a request of this process moved the place -> read exactly
 *   slow      could not take a message -> read exactly as soon as it can, so it gets the latest state and not a pile
 *
 * Whatever is read exactly and differs from what was told is told as a whole status.
 */
export class RoomEcho {
  readonly #eventId: string;
  readonly #needs: EchoNeeds;
  readonly #clock: Clock;
  readonly #watched = new Map<string, Set<Watched>>();
  /** To be read exactly, oldest first. */
  readonly #toRead = new Set<Watched>();
  /** Could not take what they were to be told. */
  readonly #owed = new Set<Watched>();
  #seq = -1;
  #room: RoomView | undefined;

  constructor(eventId: string, needs: EchoNeeds) {
    this.#eventId = eventId;
    this.#needs = needs;
    this.#clock = needs.clock;
  }

  get size(): number {
    return this.#watched.size;
  }

  add(watched: Watched): void {
    const { place } = watched.fan;
    const ofPlace = this.#watched.get(place) ?? new Set();
    this.#watched.set(place, ofPlace.add(watched));
  }

  remove(watched: Watched): void {
    const { place } = watched.fan;
    const ofPlace = this.#watched.get(place);
    ofPlace?.delete(watched);
    if (ofPlace?.size === 0) this.#watched.delete(place);
    this.#toRead.delete(watched);
    this.#owed.delete(watched);
  }

  /** A request moved this place: its sockets are read at the next look. */
  moved(place: string): void {
    for (const watched of this.#watched.get(place) ?? []) this.#toRead.add(watched);
  }

  /** @throws Refusal unavailable when Redis is away: what was told still stands, and the next look finds the rest */
  async look(): Promise<void> {
    const now = await this.#needs.rooms.anew(this.#eventId);
    await this.#tellRoom(roomViewOf(now));
    await this.#tellPlaces(now);
    for (const watched of this.#owed) if (watched.socket.conn.transport.writable) this.#toRead.add(watched);
    await this.#readSome(now);
  }

  async #tellRoom(room: RoomView): Promise<void> {
    const before = this.#room;
    this.#room = room;
    if (before === undefined || (before.state === room.state && before.version === room.version)) return;
    await inStrides(this.#everyone(), (watched) => this.#tell(watched, { v: 1, type: 'room', room }));
  }

  async #tellPlaces(now: RoomNow): Promise<void> {
    const nowMs = this.#clock();
    const { snapshot } = now;
    const isNew = snapshot !== undefined && snapshot.seq !== this.#seq;
    if (isNew) this.#seq = snapshot.seq;

    await inStrides(this.#everyone(), (watched) => {
      if (watched.readAtMs <= nowMs) this.#toRead.add(watched);
      if (!isNew || watched.standing?.stage !== 'waiting') return;
      const place = placeFrom(snapshot, watched.standing.order);
      if (place === 'gone') this.#toRead.add(watched);
      else if (place !== 'newer') this.#tellPlace(watched, place, now, nowMs);
    });
  }

  #tellPlace(watched: Watched, place: number, now: RoomNow, nowMs: number): void {
    if (place >= watched.shownPlace || nowMs - watched.toldAtMs < cadenceMs(place)) return;
    const { waiting } = roomViewOf(now);
    const estimateMs = estimateMsOf(place, now);
    // One that cannot take it now is told a later place: nothing is owed.
    if (!tell(watched, { v: 1, type: 'place', place, ahead: place - 1, estimateMs, waiting })) return;
    this.#needs.onPush('place');
    watched.shownPlace = place;
    watched.toldAtMs = nowMs;
  }

  async #readSome(now: RoomNow): Promise<void> {
    const some = [...this.#toRead].slice(0, limits.exactReadsPerPoll);
    if (some.length === 0) return;
    const standings = await this.#needs.line.standings(
      this.#eventId,
      some.map(({ fan }) => fan.place),
    );
    for (const watched of some) this.#toRead.delete(watched);
    await Promise.all(some.map((watched, at) => this.#hear(watched, standings[at], now)));
  }

  /** Tells what was read, if it is news; the place of who still waits goes the way of all places. */
  async #hear(watched: Watched, standing: Standing | undefined, now: RoomNow): Promise<void> {
    const nowMs = this.#clock();
    const isNews = this.#owed.has(watched) || !sameStay(watched.standing, standing);
    watched.standing = standing;
    watched.readAtMs = nextReadMs(standing, nowMs);
    if (!isNews) {
      if (standing?.stage === 'waiting') this.#tellPlace(watched, standing.place, now, nowMs);
      return;
    }
    this.#owed.delete(watched);
    if (standing === undefined) {
      const problem = new Refusal('placeUnknown').toProblem();
      this.#tell(watched, { v: 1, type: 'problem', problem });
      return;
    }
    const status = await statusOf(standing, now, watched.fan, this.#needs);
    if (status.state === 'waiting') watched.shownPlace = status.place;
    watched.toldAtMs = nowMs;
    this.#tell(watched, { v: 1, type: 'status', status });
  }

  #tell(watched: Watched, message: ServerMessage): void {
    if (tell(watched, message)) this.#needs.onPush(message.type);
    else if (watched.socket.connected) this.#owed.add(watched);
  }

  *#everyone(): Generator<Watched> {
    for (const ofPlace of this.#watched.values()) yield* ofPlace;
  }
}

/** Whether two readings tell of the same stay: the same wait in line, the same offer, the same session, the same end. */
function sameStay(a: Standing | undefined, b: Standing | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.stage === 'waiting') return b.stage === 'waiting' && a.order === b.order;
  if (b.stage === 'waiting' || a.stage !== b.stage || a.turn !== b.turn) return false;
  return a.stage !== 'over' || b.stage !== 'over' || a.reason === b.reason;
}
