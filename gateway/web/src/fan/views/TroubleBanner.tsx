import { span } from '../../format.ts';
import { t } from '../../texts.ts';
import { useNow } from '../../ui/use-now.ts';
import type { Trouble } from '../fan.ts';

/** Nothing is heard from the sale: which kind of nothing, when it is tried again, and that nothing is lost. */
export function TroubleBanner({ trouble, onTry }: { trouble: Trouble; onTry: () => void }) {
  const leftMs = trouble.retryAtMs - useNow();
  const words = t.trouble[trouble.kind];
  return (
    <div class="trouble" role="status" data-trouble={trouble.kind}>
      <div>
        <p class="notice-title">{words.title}</p>
        <p>{words.text}</p>
      </div>
      {trouble.kind !== 'busy' && (
        <p class="trouble-again">
          <span aria-live="off">
            {Number.isFinite(leftMs) && leftMs > 1_000 ? t.trouble.again(span(leftMs)) : ''}
          </span>
          {trouble.kind !== 'tooMany' && (
            <button type="button" class="button secondary" onClick={onTry}>
              {t.trouble.now}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
