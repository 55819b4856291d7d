import { Room } from '@onsale/shared/http/internal';
import { Samples, Snapshot } from '@onsale/shared/snapshot';

/** A room as a gateway knows it from Redis. */
export interface News {
  readonly room: Room | undefined;
  readonly snapshot: Snapshot | undefined;
  /** Those that the snapshot's places are derived from; undefined while they are not here. */
  readonly samples: Samples | undefined;
}

export interface Known extends News {
  readonly roomText: string;
}

/** What `lua/news.lua` answers. */
export type NewsAnswer = [room: string, snapshot: string, samples: string];

/** What is known now. What did not change is not read again. */
export function newsOf([roomText, snapshotText, samplesText]: NewsAnswer, before: Known | undefined): Known {
  const room = roomText === before?.roomText ? before.room : roomOf(roomText);
  const snapshot = snapshotText === 'same' ? before?.snapshot : snapshotOf(snapshotText);
  const samples = samplesText === '' ? before?.samples : Samples.parse(JSON.parse(samplesText));
  return { roomText, room, snapshot, samples: samples?.seq === snapshot?.samplesSeq ? samples : undefined };
}

const roomOf = (text: string): Room | undefined => (text === '' ? undefined : Room.parse(JSON.parse(text)));
const snapshotOf = (text: string): Snapshot | undefined =>
  text === '' ? undefined : Snapshot.parse(JSON.parse(text));
