import type { Event } from '@onsale/shared/http/events';
import type { CancelledEvent } from '@onsale/shared/http/refunds';
import { useState } from 'preact/hooks';
import { dayAndTime } from '../format.ts';
import { Notice } from '../ui/Notice.tsx';
import { ActNote } from './ActNote.tsx';
import { CancelUntilForm } from './CancelUntilForm.tsx';
import { t } from './texts.ts';
import { useAct } from './use-act.ts';
import { WhyDialog } from './WhyDialog.tsx';

/** What concerns the whole event: until when fans may give orders back, and ending it. */
export function EventDesk(props: {
  eventId: string;
  event: Event | null;
  token: string;
  onChanged: () => void;
}) {
  const { eventId, event, token } = props;
  const { act, send } = useAct<CancelledEvent>(token);
  const [asking, setAsking] = useState(false);
  const name = event?.name ?? eventId;

  async function cancel(why: string): Promise<void> {
    await send('POST', `/api/v1/operator/events/${eventId}/cancellation`, { why });
    props.onChanged();
  }

  return (
    <>
      <div class="panel">
        <h2>{name}</h2>
        {event !== null && (
          <p class="hint">
            {event.venue.name}, {event.venue.city} · {dayAndTime(event.startsAtMs)}
          </p>
        )}
        <CancelUntilForm
          eventId={eventId}
          now={event?.cancelUntilMs}
          token={token}
          onChanged={props.onChanged}
        />
      </div>
      <div class="panel">
        <h3>{t.desk.event.cancelTitle}</h3>
        <Notice tone="bad">
          <p>{t.desk.event.cancelText}</p>
        </Notice>
        <div class="actions">
          <button
            type="button"
            class="button danger"
            disabled={act.at === 'sending' || act.at === 'done'}
            onClick={() => setAsking(true)}
          >
            {t.desk.event.cancel}
          </button>
        </div>
        <ActNote act={act} done={({ ordersToRefund }) => t.desk.event.cancelled(ordersToRefund)} />
      </div>
      {asking && (
        <WhyDialog
          title={t.desk.event.sure(name)}
          text={t.desk.event.cancelText}
          yes={t.desk.event.cancel}
          typed={name}
          onYes={(why) => void cancel(why)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
