import { useState } from 'preact/hooks';
import { clock, span } from '../format.ts';
import { useNow } from './use-now.ts';

const announceAtMs = [300_000, 60_000, 20_000];

/**
 * The time left until a deadline of the server's clock. Seen all the time; said aloud at few moments only.
 * @param urgentMs with so much left or less it looks pressing.
 * @param offsetMs server's clock minus this device's.
 */
export function Countdown(props: {
  label: string;
  untilMs: number;
  offsetMs: number;
  urgentMs: number;
  announce: (left: string) => string;
}) {
  const leftMs = Math.max(0, props.untilMs - (useNow() + props.offsetMs));
  const [fromMs] = useState(leftMs);
  const mark = announceAtMs.findLast((ms) => leftMs <= ms && ms < fromMs);
  return (
    <div class={leftMs <= props.urgentMs ? 'countdown urgent' : 'countdown'}>
      <span class="countdown-label">{props.label}</span>
      <span class="countdown-time" role="timer" aria-live="off">
        {clock(leftMs)}
      </span>
      <span class="unseen" aria-live="polite">
        {mark === undefined ? '' : props.announce(span(mark))}
      </span>
    </div>
  );
}
