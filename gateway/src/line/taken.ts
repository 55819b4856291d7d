import { AdmissionReason, Batch } from '@onsale/shared/http/internal';
import type { Lane } from '@onsale/shared/lanes';

/** What a take gave: a batch (this call's, or the one that was there: `pending`), or nobody; and what bounded it. */
export type Taken =
  | { outcome: 'taken' | 'pending'; batch: Batch }
  | { outcome: 'none'; reason: AdmissionReason };

/** Reads `<outcome>, <batch>:<epoch>:<atMs>:<reason>, then place, <lane>:<order>:<turn>[:back][:left] …`, or `none, <reason>`. */
export function takenOf([outcome, head, ...pairs]: readonly string[]): Taken {
  if (outcome === 'none') return { outcome, reason: AdmissionReason.parse(head) };
  const [batch, epoch, takenAtMs, reason] = head!.split(':');
  const places: Batch['places'] = [];
  for (let at = 0; at < pairs.length; at += 2) {
    const [lane, order, turn, ...flags] = pairs[at + 1]!.split(':');
    places.push({
      place: pairs[at]!,
      order: Number(order),
      turn: Number(turn),
      lane: lane as Lane,
      back: flags.includes('back'),
    });
  }
  places.sort((a, b) => a.order - b.order);
  return {
    outcome: outcome === 'pending' ? 'pending' : 'taken',
    batch: Batch.parse({
      batch: Number(batch),
      epoch: Number(epoch),
      takenAtMs: Number(takenAtMs),
      reason,
      places,
    }),
  };
}
