import type { Event } from '@onsale/shared/http/events';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { useState } from 'preact/hooks';
import { span } from '../format.ts';
import { t } from '../texts.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ChangeNote } from './ChangeNote.tsx';
import { doorsOf } from './doors.ts';
import { LiveNumbers } from './LiveNumbers.tsx';
import { PolicyForm } from './PolicyForm.tsx';
import { StockBar } from './StockBar.tsx';
import { useChange } from './use-change.ts';

/** A tick comes every 200 ms; this long without one is worth a word. */
const silentMs = 3_000;

/** One room: what it does and why, its numbers, its stock, and what can be changed. */
export function RoomDesk(props: {
  room: OperatorRoom;
  event: Event | null;
  token: string;
  onChanged: () => void;
}) {
  const { room, event } = props;
  const { policy, live } = room;
  const { change, changeRoom, changeHoldTtl } = useChange(policy.eventId, props.token, props.onChanged);
  const busy = change.at === 'sending';
  const doors = doorsOf(policy);
  const ageMs = live === null ? 0 : room.serverTimeMs - live.tickedAtMs;
  return (
    <section class="room-desk" aria-labelledby="room-title" data-room={policy.eventId}>
      <div class="panel">
        <div class="room-head">
          <h2 id="room-title">{event?.name ?? policy.eventId}</h2>
          <span class={`badge ${doors}`} data-doors={doors}>
            {t.operator.state[doors]}
          </span>
        </div>
        <p class="reason" aria-live="polite" data-reason={live?.reason}>
          {live === null ? t.operator.noLive : t.operator.reasons[live.reason]}
        </p>
        {policy.open && ageMs > silentMs && (
          <Notice tone="bad" alert>
            <p>{t.operator.silent(span(ageMs))}</p>
          </Notice>
        )}
        <LiveNumbers room={room} />
        <StockBar stock={room.stock} />
      </div>
      <div class="panel">
        <Doors room={room} busy={busy} onChange={changeRoom} />
        <ChangeNote change={change} room={room} />
        <PolicyForm
          policy={policy}
          holdTtlMs={event?.holdTtlMs ?? null}
          busy={busy}
          onRoom={changeRoom}
          onHoldTtl={changeHoldTtl}
        />
      </div>
    </section>
  );
}

function Doors(props: {
  room: OperatorRoom;
  busy: boolean;
  onChange: (patch: { open?: boolean; paused?: boolean }) => Promise<boolean>;
}) {
  const { policy } = props.room;
  const [closing, setClosing] = useState(false);
  return (
    <>
      <h3>{t.operator.doors}</h3>
      <div class="actions">
        {policy.open ? (
          <>
            <button
              type="button"
              class="button primary"
              disabled={props.busy}
              onClick={() => void props.onChange({ paused: !policy.paused })}
            >
              {policy.paused ? t.operator.unpause : t.operator.pause}
            </button>
            <button
              type="button"
              class="button danger"
              disabled={props.busy}
              onClick={() => setClosing(true)}
            >
              {t.operator.closeDoors}
            </button>
          </>
        ) : (
          <button
            type="button"
            class="button primary"
            disabled={props.busy}
            onClick={() => void props.onChange({ open: true })}
          >
            {t.operator.openDoors}
          </button>
        )}
      </div>
      {closing && (
        <Confirm
          title={t.operator.closeTitle}
          text={t.operator.closeText}
          yes={t.operator.closeDoors}
          no={t.operator.cancel}
          onYes={() => void props.onChange({ open: false })}
          onClose={() => setClosing(false)}
        />
      )}
    </>
  );
}
