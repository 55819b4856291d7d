import { t } from '../../texts.ts';
import { sessionLives } from '../moves.ts';
import type { ViewProps } from './view.ts';

/** The way ended here; why, and what the fan can do. */
export function Stopped({ fan, dispatch }: ViewProps) {
  if (fan.step.at !== 'stopped') return null;
  const { why, mayJoinAgain } = fan.step;
  const lostHold = why === 'holdExpired' || why === 'refunded' || why === 'cancelled';
  return (
    <>
      <p>{t.stopped[why].text}</p>
      <div class="actions">
        {lostHold && sessionLives(fan, Date.now()) ? (
          <button type="button" class="button primary big" onClick={() => dispatch({ type: 'shopAgain' })}>
            {t.stopped.shopAgain}
          </button>
        ) : (
          mayJoinAgain && (
            <button type="button" class="button primary big" onClick={() => dispatch({ type: 'join' })}>
              {why === 'closed' ? t.stopped.tryAgain : t.stopped.joinAgain}
            </button>
          )
        )}
        <a class="button plain" href="/">
          {t.stopped.toList}
        </a>
      </div>
    </>
  );
}
