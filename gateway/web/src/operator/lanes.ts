import type { OperatorRoom } from '@onsale/shared/http/operator';
import type { Lane } from '@onsale/shared/lanes';

/** The lanes of a room with their shares of admissions, in percent; the general one has what the others leave. */
export function lanesOf({
  priorityPercent,
  returningPercent,
}: Pick<OperatorRoom['policy'], 'priorityPercent' | 'returningPercent'>): readonly {
  readonly lane: Lane;
  readonly percent: number;
}[] {
  return [
    { lane: 'general', percent: 100 - priorityPercent - returningPercent },
    { lane: 'priority', percent: priorityPercent },
    { lane: 'returning', percent: returningPercent },
  ];
}
