import type { Event } from '@onsale/shared/http/events';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { useState } from 'preact/hooks';
import { Confirm } from '../ui/Confirm.tsx';
import { Alarms } from './Alarms.tsx';
import { CalibrationNote } from './CalibrationNote.tsx';
import { ChangeNote } from './ChangeNote.tsx';
import { LanesTable } from './LanesTable.tsx';
import { LiveNumbers } from './LiveNumbers.tsx';
import { ManagersOnly } from './ManagersOnly.tsx';
import { MessageForm } from './MessageForm.tsx';
import { PolicyForm } from './PolicyForm.tsx';
import { stateOf } from './room-state.ts';
import { StateBadge } from './StateBadge.tsx';
import { StockBar } from './StockBar.tsx';
import { t } from './texts.ts';
import { useChange } from './use-change.ts';

/** One room: what it does and why, its numbers, its stock, and what is changed while a sale runs. */
export function RoomDesk(props: {
  room: OperatorRoom;
  event: Event | null;
  token: string;
  onChanged: () => void;
}) {
  const { room, event, token, onChanged } = props;
  const { policy, live } = room;
  const { change, changeRoom, changeHoldTtl } = useChange(policy.eventId, token, onChanged);
  const busy = change.at === 'sending';
  return (
    <section class="room-desk" aria-labelledby="room-title" data-room={policy.eventId}>
      <div class="panel">
        <div class="room-head" data-doors={stateOf(room)}>
          <h2 id="room-title">{event?.name ?? policy.eventId}</h2>
          <StateBadge room={room} />
        </div>
        <Alarms room={room} />
        <p class="reason" aria-live="polite" data-reason={live?.reason}>
          {live === null ? t.operator.noLive : t.operator.reasons[live.reason]}
        </p>
        <LiveNumbers room={room} />
        <LanesTable room={room} />
        {live !== null && <CalibrationNote calibration={live.calibration} />}
        {live !== null && live.epoch > 1 && <p class="hint">{t.operator.losses(live.epoch - 1)}</p>}
        <StockBar stock={room.stock} />
      </div>
      <div class="panel">
        <ManagersOnly token={token}>
          <Doors room={room} busy={busy} onChange={changeRoom} />
          <ChangeNote change={change} room={room} />
          <PolicyForm
            policy={policy}
            holdTtlMs={event?.holdTtlMs ?? null}
            busy={busy}
            onRoom={changeRoom}
            onHoldTtl={changeHoldTtl}
          />
        </ManagersOnly>
      </div>
      <div class="panel">
        <ManagersOnly token={token}>
          <MessageForm room={room} token={token} onChanged={onChanged} />
        </ManagersOnly>
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
