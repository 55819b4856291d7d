import type { KeyObject } from 'node:crypto';
import type { CoreClient } from '../core-client.ts';
import type { Line } from '../line/line.ts';
import type { NetworkLimit } from './limit.ts';
import type { FanLimit } from './limit-fan.ts';
import type { LoadTestAddress } from './load-test.ts';
import type { OpenDoor } from './open-door.ts';
import type { Calibration } from './view/calibration.ts';
import type { Rooms } from './view/rooms.ts';
import type { Signing } from './view/status.ts';

/** What the routes work with. */
export interface Needs extends Signing {
  readonly line: Line;
  readonly rooms: Rooms;
  readonly core: CoreClient;
  /** Key of place ids. */
  readonly placeKey: KeyObject;
  /** Option PUBLIC_URL. */
  readonly publicUrl: string;
  readonly limitNetwork: NetworkLimit;
  readonly limitFan: FanLimit;
  readonly loadTest: LoadTestAddress;
  /** Lets fans in without a line, where a room says so for the time that Redis is away. */
  readonly openDoor: OpenDoor;
  readonly calibration: Calibration;
  /** Asks for a tick of the room now. Never fails: the schedule ticks anyway. */
  readonly wake: (eventId: string, cause: 'join' | 'slot') => void;
  /** Tells the sockets of this process that a request has just changed where a place stands. */
  readonly onMoved: (eventId: string, place: string) => void;
}
