import type { Cost } from '@onsale/shared/http/common';
import { money } from '../format.ts';
import { t } from '../texts.ts';

/** The parts of a sum, for tickets that have any besides their price. */
export interface Parts {
  readonly faceMinor: number;
  readonly feesMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
}

export const partsOf = (tickets: readonly Cost[]): Parts => ({
  faceMinor: sum(tickets, 'priceMinor'),
  feesMinor: sum(tickets, 'feeMinor'),
  taxMinor: sum(tickets, 'taxMinor'),
  totalMinor: sum(tickets, 'totalMinor'),
});
const sum = (tickets: readonly Cost[], part: keyof Cost): number =>
  tickets.reduce((total, ticket) => total + ticket[part], 0);

/** What it costs: all in first to the eye, and the parts of it. A tax that is contained in them says so. */
export function Costs(props: { parts: Parts; refundedMinor: number; currency: string }) {
  const { parts, refundedMinor, currency } = props;
  const { faceMinor, feesMinor, taxMinor, totalMinor } = parts;
  const contained = faceMinor + feesMinor === totalMinor;
  const line = (words: string, minor: number, sign = 1) => (
    <div>
      <dt>{words}</dt>
      <dd>{money(sign * minor, currency)}</dd>
    </div>
  );
  return (
    <>
      {feesMinor + taxMinor > 0 && (
        <dl class="costs">
          {line(t.held.face, faceMinor)}
          {feesMinor > 0 && line(t.held.fees, feesMinor)}
          {taxMinor > 0 && line(contained ? t.held.taxIncluded : t.held.tax, taxMinor)}
        </dl>
      )}
      <p class="total">
        <span>{t.held.total}</span>
        <strong class="total-amount">{money(totalMinor, currency)}</strong>
      </p>
      {refundedMinor > 0 && <dl class="costs refunded">{line(t.held.refunded, refundedMinor, -1)}</dl>}
    </>
  );
}
