import type { PublicRoom } from '@onsale/shared/http/room';
import { t } from '../../texts.ts';
import { placeIn } from '../place-token.ts';

/** What a draw can be checked with, for whoever wants to: the fingerprint from the start, the secret number afterwards. */
export function DrawCheck({ room, placeToken }: { room: PublicRoom; placeToken: string | null }) {
  const { commitment, seed } = room.draw;
  const place = placeToken === null ? null : placeIn(placeToken);
  return (
    <details class="explained" data-draw={seed === null ? 'committed' : 'revealed'}>
      <summary>{t.draw.check}</summary>
      <p>{seed === null ? t.draw.checkText : t.draw.drawnText}</p>
      <dl>
        <dt>{t.draw.commitment}</dt>
        <dd>
          <code>{commitment}</code>
        </dd>
        <dt>{t.draw.seed}</dt>
        <dd>{seed === null ? t.draw.seedLater : <code>{seed}</code>}</dd>
        {place !== null && (
          <>
            <dt>{t.draw.place}</dt>
            <dd>
              <code>{place}</code>
            </dd>
          </>
        )}
      </dl>
      <a href={`/api/v1/events/${room.eventId}/room`}>{t.draw.address}</a>
    </details>
  );
}
