import type { Problem } from '@onsale/shared/errors';
import type { HoldRequest } from '@onsale/shared/http/holds';
import { t } from '../../texts.ts';
import { Notice } from '../../ui/Notice.tsx';
import type { Fan } from '../fan.ts';
import { quantityOf } from '../offers.ts';

/** A refusal in words that say what can be done, with the numbers it came with. Held tickets are told apart from free ones. */
export function refusalInWords(problem: Problem, wish: HoldRequest | null): readonly string[] {
  const { code, title, free = 0, held = 0, buyerMayTake = 0 } = problem;
  const asked = wish === null ? 1 : quantityOf(wish);
  const comingBack = held > 0 ? [t.refusal.comingBack(held, free)] : [];
  switch (code) {
    case 'notEnough':
      return [t.refusal.notEnough(free, asked), ...comingBack];
    case 'soldOut':
      return held > 0 ? [t.refusal.notEnough(0, asked), ...comingBack] : [t.refusal.soldOut];
    case 'notTogether':
      return [t.refusal.notTogether(asked)];
    case 'buyerLimit':
      return [t.refusal.buyerLimit(buyerMayTake)];
    case 'seatsTaken':
    case 'accessOnly':
    case 'extensionSpent':
      return [t.refusal[code]];
    default:
      return [t.refusal.other(code, title)];
  }
}

export function RefusalNotice({ fan }: { fan: Fan }) {
  if (fan.refusal === null) return null;
  return (
    <div data-refusal={fan.refusal.code}>
      <Notice tone="bad" title={t.refusal.title} alert>
        {refusalInWords(fan.refusal, fan.refusedWish).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </Notice>
    </div>
  );
}
