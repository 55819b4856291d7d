import { t } from '../../texts.ts';
import type { Step } from '../fan.ts';

const order: readonly Step['at'][] = ['shopping', 'held', 'paying', 'tickets'];

/** How far the buying is. The line is not among the steps: with free capacity there is none. */
export function Steps({ at }: { at: Step['at'] }) {
  const here = order.indexOf(at);
  if (here === -1) return null;
  return (
    <ol class="steps screen-only" aria-label={t.steps.label}>
      {order.map((step, index) => (
        <li key={step} class={index < here ? 'done' : ''} aria-current={index === here ? 'step' : undefined}>
          {t.steps[step as keyof typeof t.steps]}
        </li>
      ))}
    </ol>
  );
}
