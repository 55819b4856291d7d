import { t } from '../../texts.ts';
import { showing } from '../fan.ts';
import type { ViewProps } from './view.ts';

/** Neutral moments: finding where the fan was, and the first moment after joining. Nothing of a queue. */
export function Pausing({ fan }: ViewProps) {
  const words = showing(fan) === 'joining' ? t.joining : t.resuming;
  return (
    <div class="pausing" role="status">
      <span class="spinner" aria-hidden="true" />
      <p>{words.text}</p>
    </div>
  );
}
