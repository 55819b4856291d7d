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
      {mayJoinAgain && (why === 'lapsed' || why === 'sessionExpired') && <p>{t.stopped.returning}</p>}
      <div class="actions">
        {lostHold && sessionLives(fan, Date.now()) ? (
          <button type="button" class="button primary big" onClick={() => dispatch({ type: 'shopAgain' })}>
            {t.stopped.shopAgain}
          </button>
        ) : (
          mayJoinAgain && (
            <button type="button" class="button primary big" onClick={() => dispatch({ type: 'join' })}>
              {t.stopped.joinAgain}
            </button>
          )
        )}
        <a class={mayJoinAgain ? 'button plain' : 'button secondary'} href="/">
          {t.stopped.toList}
        </a>
      </div>
    </>
  );
}
