import type { Clock } from '@onsale/shared/clock';
import { Refusal } from '@onsale/shared/errors';
import type { RoomView } from '@onsale/shared/http/line';
import { type Lane, lanes } from '@onsale/shared/lanes';
import { limits } from '@onsale/shared/limits';
import type { ServerMessage } from '@onsale/shared/socket';
import { type Calibration, outlookIn } from '../http/view/calibration.ts';
import { isHealing, laneSharesOf, placesAreTold, roomViewOf } from '../http/view/room-view.ts';
import type { RoomNow, Rooms } from '../http/view/rooms.ts';
import { mayComeBackOf, outlookOf, type Signing, statusOf } from '../http/view/status.ts';
import type { Line } from '../line/line.ts';
import { placesIn } from '../line/place.ts';
import type { Remembered } from '../line/remembered.ts';
import type { Standing } from '../line/standing.ts';
import { Audience } from './audience.ts';
import { cadenceMs } from './cadence.ts';
import { shownIn } from './greet.ts';
import { orderOf } from './in-order.ts';
import { nextReadMs } from './next-read.ts';
import { Strides } from './strides.ts';
import { canHear, type Push, type Watched } from './watched.ts';

type RoomMessage = ServerMessage & { type: 'room' };

export interface EchoNeeds extends Signing {
  readonly line: Pick<Line, 'standings' | 'seen' | 'restore'>;
  readonly rooms: Rooms;
  readonly calibration: Calibration;
  /** Hands one message to several sockets, written out once for all of them. */
  readonly send: (to: readonly Watched[], message: ServerMessage) => void;
  /** Told of every message and to how many it was sent, for the metrics. */
  readonly onPush: (type: Push, sockets: number) => void;
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
 *
 * Besides, a look tells the line which fans near the front are there, and brings back what a loss of Redis took from them:
 * nobody here is told anything of a line that is being put together, but that it is; then everyone is read exactly.
 */
export class RoomEcho {
  readonly #eventId: string;
  readonly #needs: EchoNeeds;
  readonly #clock: Clock;
  readonly #audience = new Audience();
  /** To be read exactly, oldest first. */
  readonly #toRead = new Set<Watched>();
  /** Could not take what they were to be told. */
  readonly #owed = new Set<Watched>();
  /** Have not been told a place, and may be now. */
  readonly #untold = new Set<Watched>();
  readonly #strides = new Strides();
  #epoch: number | undefined;
  #broughtBackIn: number | undefined;
  #saidAtMs = Number.NEGATIVE_INFINITY;
  #seq = -1;
  #room: RoomMessage | undefined;
  #roomToldAtMs = Number.NEGATIVE_INFINITY;

  constructor(eventId: string, needs: EchoNeeds) {
    this.#eventId = eventId;
    this.#needs = needs;
    this.#clock = needs.clock;
  }

  get size(): number {
    return this.#audience.size;
  }

  add(watched: Watched): void {
    this.#audience.add(watched);
  }

  remove(watched: Watched): void {
    this.#audience.remove(watched);
    this.#toRead.delete(watched);
    this.#owed.delete(watched);
    this.#untold.delete(watched);
  }

  /** A request moved this place: its sockets are read at the next look. */
  moved(place: string): void {
    for (const watched of this.#audience.of(place)) this.#toRead.add(watched);
  }

  /** @throws Refusal unavailable when Redis is away: what was told still stands, and the next look finds the rest */
  async look(): Promise<void> {
    const now = await this.#needs.rooms.anew(this.#eventId);
    const room = roomViewOf(now, this.#clock());
    await this.#tellRoom(now, room);
    if (now.away) throw new Refusal('unavailable');
    await this.#bringBack(now);
    if (isHealing(now)) return this.#sayWhoIsThere(now);
    if (this.#epoch !== undefined && this.#epoch !== now.room.epoch) {
      for (const watched of this.#audience.everyone()) this.#toRead.add(watched);
    }
    this.#epoch = now.room.epoch;
    await this.#tellPlaces(now, room);
    await this.#sayWhoIsThere(now);
    for (const watched of this.#owed) if (canHear(watched)) this.#toRead.add(watched);
    await this.#readSome(now);
  }

  /** At once when the room changes; what may come back changes all the time, and is told again now and then. */
  async #tellRoom(now: RoomNow, room: RoomView): Promise<void> {
    const nowMs = this.#clock();
    const message = {
      v: 1,
      type: 'room',
      room,
      lanes: laneSharesOf(now),
      mayComeBack: mayComeBackOf(now),
      asOfMs: now.snapshot?.atMs ?? nowMs,
    } as const;
    const before = this.#room;
    const isAgain = nowMs - this.#roomToldAtMs >= limits.comeBackToldEveryMs;
    if (before !== undefined && !isNewsOf(before, message, isAgain)) return;
    this.#room = message;
    this.#roomToldAtMs = nowMs;
    if (before === undefined) return;
    const everyone = [...this.#audience.everyone()];
    for (let at = 0; at < everyone.length; at += limits.socketsPerStride) {
      this.#tell(everyone.slice(at, at + limits.socketsPerStride), message);
      await this.#strides.served(limits.socketsPerStride);
    }
    if (before.room.state !== room.state && (room.state === 'soldOut' || room.state === 'ended')) {
      this.#judgeAll();
    }
    // Places that were not told before, in a draw whose doors have opened, are told now.
    if (!placesAreTold(before.room) && placesAreTold(room)) {
      for (const watched of this.#audience.everyone()) this.#untold.add(watched);
    }
  }

  /**
   * After a loss: what was last read of everyone here, once in an epoch, and again while nobody has begun to heal the line. Who
   * comes later is put back from his token when he is greeted.
   */
  async #bringBack({ room }: RoomNow): Promise<void> {
    if (this.#broughtBackIn === room.epoch) return;
    const known: Remembered[] = [];
    for (const watched of this.#audience.everyone()) {
      const { standing, knownIn, fan } = watched;
      if (standing === undefined || knownIn >= room.epoch) continue;
      known.push({ ...standing, place: fan.place, epoch: knownIn });
      watched.seenAtMs = Number.NEGATIVE_INFINITY;
    }
    if (known.length > 0 && (await this.#needs.line.restore(this.#eventId, known)) !== room.epoch) return;
    this.#broughtBackIn = room.epoch;
  }

  /** Goes through who waits once for each snapshot, and is done with most of them by two comparisons. */
  async #tellPlaces(now: RoomNow, room: RoomView): Promise<void> {
    const nowMs = this.#clock();
    for (const watched of this.#audience.timed()) if (watched.readAtMs <= nowMs) this.#toRead.add(watched);
    if (!placesAreTold(room)) return;
    for (const watched of this.#untold) this.#toRead.add(watched);

    const { snapshot } = now;
    if (snapshot === undefined || snapshot.seq === this.#seq) return;
    this.#seq = snapshot.seq;
    for (const lane of lanes) {
      for (const { place, sockets } of this.#movedIn(lane, now, nowMs)) {
        this.#tellPlace(sockets, { place, lane }, now, nowMs);
        await this.#strides.served(sockets.length);
      }
    }
  }

  /** Who is to be told another place, those of the same one together: in a lane's order they follow each other. */
  *#movedIn(lane: Lane, { snapshot, samples }: RoomNow, nowMs: number) {
    const ofLane = samples && { seq: samples.seq, lane: samples.lanes[lane] };
    const placeOf = placesIn(snapshot!.seq, snapshot!.lanes[lane], ofLane);
    let moved: { place: number; sockets: Watched[] } = { place: 0, sockets: [] };
    for (const watched of this.#audience.inLane(lane)) {
      const place = placeOf(orderOf(watched));
      if (place === 'gone') this.#toRead.add(watched);
      else if (place !== 'newer' && isDue(watched, place, nowMs)) {
        if (place !== moved.place && moved.sockets.length > 0) yield moved;
        if (place === moved.place) moved.sockets.push(watched);
        else moved = { place, sockets: [watched] };
      }
    }
    if (moved.sockets.length > 0) yield moved;
  }

  /**
   * Fans whose sockets are open are there, as far as the line wants to know: near the front of their lane, and all who were
   * passed over. Each is said anew in time, a few at every look.
   */
  async #sayWhoIsThere({ snapshot }: RoomNow): Promise<void> {
    const nowMs = this.#clock();
    if (snapshot === undefined || nowMs - this.#saidAtMs < limits.presenceEveryMs) return;
    this.#saidAtMs = nowMs;
    const there: Watched[] = [];
    const isAnew = (watched: Watched): boolean => nowMs - watched.seenAtMs >= limits.presenceRefreshMs;
    for (const lane of lanes) {
      const upTo = snapshot.lanes[lane].presentUpTo ?? Number.POSITIVE_INFINITY;
      for (const watched of this.#audience.inLane(lane)) {
        if (orderOf(watched) > upTo) break;
        if (isAnew(watched)) there.push(watched);
      }
    }
    for (const watched of this.#audience.timed()) {
      if (watched.standing?.stage === 'waiting' && isAnew(watched)) there.push(watched);
    }
    if (there.length === 0) return;
    await this.#needs.line.seen(
      this.#eventId,
      there.map(({ fan }) => fan.place),
    );
    for (const watched of there) watched.seenAtMs = nowMs;
  }

  #tellPlace(
    sockets: readonly Watched[],
    at: { place: number; lane: Lane },
    now: RoomNow,
    nowMs: number,
  ): void {
    // One that cannot take it now is told a later place: nothing is owed.
    const able = sockets.filter(canHear);
    if (able.length === 0) return;
    const room = roomViewOf(now, nowMs);
    const { wait, odds } = outlookOf(at, now, room, nowMs);
    const { place } = at;
    this.#needs.send(able, {
      v: 1,
      type: 'place',
      place,
      ahead: place - 1,
      wait,
      odds,
      waiting: room.waiting,
    });
    this.#needs.onPush('place', able.length);
    for (const watched of able) {
      watched.shownPlace = place;
      watched.toldAtMs = nowMs;
      watched.outlook ??= outlookIn({ wait, odds }, nowMs);
    }
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
    const isNews =
      this.#owed.has(watched) || this.#untold.has(watched) || !sameStay(watched.standing, standing);
    this.#judge(watched, standing, nowMs);
    this.#audience.moved(watched, standing, nextReadMs(standing, nowMs));
    watched.knownIn = now.room.epoch;
    if (!isNews) {
      if (standing?.stage === 'waiting' && isDue(watched, standing.place, nowMs)) {
        this.#tellPlace([watched], standing, now, nowMs);
      }
      return;
    }
    this.#owed.delete(watched);
    this.#untold.delete(watched);
    if (standing === undefined) {
      const problem = new Refusal('placeUnknown').toProblem();
      this.#tell([watched], { v: 1, type: 'problem', problem });
      return;
    }
    const status = await statusOf(standing, now, watched.fan, this.#needs);
    if (status.state === 'waiting') watched.shownPlace = shownIn(status);
    watched.toldAtMs = nowMs;
    this.#tell([watched], { v: 1, type: 'status', status });
  }

  /** Compares what he was told with what came: a turn. Who was passed over, left or lost his place made his wait himself. */
  #judge(watched: Watched, standing: Standing | undefined, nowMs: number): void {
    if (watched.outlook === undefined || (standing?.stage === 'waiting' && !standing.away)) return;
    const { calibration } = this.#needs;
    if (standing?.stage === 'offered')
      calibration.letIn(this.#eventId, watched.outlook, standing.offeredAtMs);
    if (standing?.stage === 'shopping') calibration.letIn(this.#eventId, watched.outlook, nowMs);
    watched.outlook = undefined;
  }

  /** Nobody who waits now is let in, unless something comes back: what he was told is judged once. */
  #judgeAll(): void {
    for (const watched of this.#audience.everyone()) {
      if (watched.outlook === undefined || watched.standing?.stage !== 'waiting') continue;
      this.#needs.calibration.notLetIn(this.#eventId, watched.outlook);
      watched.outlook = undefined;
    }
  }

  #tell(sockets: readonly Watched[], message: ServerMessage): void {
    const able = sockets.filter(canHear);
    if (able.length > 0) {
      this.#needs.send(able, message);
      this.#needs.onPush(message.type, able.length);
    }
    const told = new Set(able);
    for (const watched of sockets) {
      if (!told.has(watched) && watched.socket.connected) this.#owed.add(watched);
    }
  }
}

/** @param isAgain whether what may come back is told again when it only changed */
function isNewsOf(before: RoomMessage, now: RoomMessage, isAgain: boolean): boolean {
  if (before.room.state !== now.room.state || before.room.version !== now.room.version) return true;
  const [was, is] = [before.mayComeBack, now.mayComeBack];
  if (was === null || is === null) return was !== is;
  return isAgain && (was.tickets !== is.tickets || was.byMs !== is.byMs);
}

/** A place that is less than the one shown, and worth telling after so long. */
const isDue = (watched: Watched, place: number, nowMs: number): boolean =>
  place < watched.shownPlace && nowMs - watched.toldAtMs >= cadenceMs(place) * watched.pace;

/** Whether two readings tell of the same stay: the same wait in line, the same offer, the same session, the same end. */
function sameStay(a: Standing | undefined, b: Standing | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.stage === 'waiting') return b.stage === 'waiting' && a.order === b.order && a.lane === b.lane;
  if (b.stage === 'waiting' || a.stage !== b.stage || a.turn !== b.turn) return false;
  return a.stage !== 'over' || b.stage !== 'over' || a.reason === b.reason;
}
