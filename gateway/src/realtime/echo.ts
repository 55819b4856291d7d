import { setTimeout as delay } from 'node:timers/promises';
import { limits } from '@onsale/shared/limits';
import { type EchoNeeds, RoomEcho } from './room-echo.ts';
import type { Watched } from './watched.ts';

/** Every event that has sockets here, looked at every limits.snapshotPollMs for as long as it has any. */
export class Echo {
  readonly #rooms = new Map<string, RoomEcho>();
  readonly #needs: EchoNeeds;
  readonly #onFault: (fault: unknown, eventId: string) => void;
  #going = true;

  /** @param onFault told when looking at a room begins to fail; sockets stay, and the next look tries again */
  constructor(needs: EchoNeeds, onFault: (fault: unknown, eventId: string) => void) {
    this.#needs = needs;
    this.#onFault = onFault;
  }

  add(watched: Watched): void {
    const { eventId } = watched.fan;
    let room = this.#rooms.get(eventId);
    if (room === undefined) {
      room = new RoomEcho(eventId, this.#needs);
      this.#rooms.set(eventId, room);
      void this.#watch(eventId, room);
    }
    room.add(watched);
  }

  remove(watched: Watched): void {
    this.#rooms.get(watched.fan.eventId)?.remove(watched);
  }

  moved(eventId: string, place: string): void {
    this.#rooms.get(eventId)?.moved(place);
  }

  stop(): void {
    this.#going = false;
  }

  async #watch(eventId: string, room: RoomEcho): Promise<void> {
    let failing = false;
    do {
      const began = performance.now();
      try {
        await room.look();
        failing = false;
      } catch (fault) {
        if (!failing) this.#onFault(fault, eventId);
        failing = true;
      }
      await delay(Math.max(0, limits.snapshotPollMs - (performance.now() - began)));
    } while (this.#going && room.size > 0);
    this.#rooms.delete(eventId);
  }
}
