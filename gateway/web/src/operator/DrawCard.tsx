import type { OperatorRoom } from '@onsale/shared/http/operator';
import type { PublicRoom } from '@onsale/shared/http/room';
import { useState } from 'preact/hooks';
import { useRead } from '../net/use-read.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { ActNote } from './ActNote.tsx';
import { mayManage } from './role.ts';
import { t } from './texts.ts';
import { useAct } from './use-act.ts';

const everyMs = 5_000;

/** What proves a draw: the commitment from the start, the seed after the doors have opened. */
export function DrawCard(props: { room: OperatorRoom; token: string; onChanged: () => void }) {
  const { eventId, commitment } = props.room.policy;
  const path = `/api/v1/events/${eventId}/room`;
  const read = useRead<PublicRoom>(path, null, everyMs);
  const { act, send } = useAct<OperatorRoom>(props.token);
  const [asking, setAsking] = useState(false);
  const seed = read.value?.draw.seed ?? null;

  async function redraw(): Promise<void> {
    await send('POST', `/api/v1/operator/rooms/${eventId}/seed`, {});
    props.onChanged();
  }

  return (
    <div class="draw-card" data-draw={seed === null ? 'committed' : 'revealed'}>
      <h3>{t.drawCard.title}</h3>
      <p class="hint">{t.drawCard.text}</p>
      <dl class="facts-list">
        <div>
          <dt>{t.draw.commitment}</dt>
          <dd>
            <code>{commitment}</code>
          </dd>
        </div>
        <div>
          <dt>{t.drawCard.seed}</dt>
          <dd>{seed === null ? t.drawCard.seedLater : <code>{seed}</code>}</dd>
        </div>
      </dl>
      <p>
        <a href={path}>{t.draw.address}</a>
      </p>
      {mayManage(props.token) && seed === null && (
        <button
          type="button"
          class="button secondary"
          disabled={act.at === 'sending'}
          onClick={() => setAsking(true)}
        >
          {t.drawCard.newSeed}
        </button>
      )}
      <ActNote act={act} done={() => t.drawCard.newSeedDone} />
      {asking && (
        <Confirm
          title={t.drawCard.newSeedTitle}
          text={t.drawCard.newSeedText}
          yes={t.drawCard.newSeed}
          no={t.operator.cancel}
          onYes={() => void redraw()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
