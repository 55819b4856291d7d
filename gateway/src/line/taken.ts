import { AdmissionReason, Batch } from '@onsale/shared/http/internal';

/** What a take gave: a batch (this call's, or the one that was there: `pending`), or nobody; and what bounded it. */
export type Taken =
  | { outcome: 'taken' | 'pending'; batch: Batch }
  | { outcome: 'none'; reason: AdmissionReason };

/** Reads `<outcome>, <batch>:<atMs>:<reason>, then place, <order>:<turn>[:left] …`, or `none, <reason>`. */
export function takenOf([outcome, head, ...pairs]: readonly string[]): Taken {
  if (outcome === 'none') return { outcome, reason: AdmissionReason.parse(head) };
  const [batch, takenAtMs, reason] = head!.split(':');
  const places: Batch['places'] = [];
  for (let at = 0; at < pairs.length; at += 2) {
    const [order, turn] = pairs[at + 1]!.split(':');
    places.push({ place: pairs[at]!, order: Number(order), turn: Number(turn) });
  }
  places.sort((a, b) => a.order - b.order);
  return {
    outcome: outcome === 'pending' ? 'pending' : 'taken',
    batch: Batch.parse({ batch: Number(batch), takenAtMs: Number(takenAtMs), reason, places }),
  };
}
