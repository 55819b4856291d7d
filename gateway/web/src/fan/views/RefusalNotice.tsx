import type { Problem } from '@onsale/shared/errors';
import { t } from '../../texts.ts';
import { Notice } from '../../ui/Notice.tsx';
import type { Fan } from '../fan.ts';

/** A refusal in words that say what can be done, with the numbers it came with. */
export function refusalInWords({ code, title, free = 0, held = 0, buyerMayTake = 0 }: Problem): string {
  switch (code) {
    case 'notEnough':
      return t.refusal.notEnough(free, held);
    case 'soldOut':
      return held > 0 ? t.refusal.notEnough(0, held) : t.refusal.soldOut;
    case 'buyerLimit':
      return t.refusal.buyerLimit(buyerMayTake);
    default:
      return t.refusal.other(code, title);
  }
}

export function RefusalNotice({ fan }: { fan: Fan }) {
  if (fan.refusal === null) return null;
  return (
    <div data-refusal={fan.refusal.code}>
      <Notice tone="bad" title={t.refusal.title} alert>
        <p>{refusalInWords(fan.refusal)}</p>
      </Notice>
    </div>
  );
}
