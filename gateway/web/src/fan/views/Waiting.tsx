import { useState } from 'preact/hooks';
import { t } from '../../texts.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { type StatusOf, showing } from '../fan.ts';
import { Connection } from './Connection.tsx';
import { DoorsOpen } from './DoorsOpen.tsx';
import { DrawCheck } from './DrawCheck.tsx';
import { InvitationForm, isAboutInvitation } from './InvitationForm.tsx';
import { LaneNote, lanesBeside } from './LaneNote.tsx';
import { Outlook } from './Outlook.tsx';
import { PlaceAnnouncer } from './PlaceAnnouncer.tsx';
import { RefusalNotice } from './RefusalNotice.tsx';
import { RoomMessage } from './RoomMessage.tsx';
import type { ViewProps } from './view.ts';

const halts = {
  passedOver: [t.passedOver.text],
  inDraw: [t.draw.text, t.draw.noPlace],
  paused: [t.paused.text],
  closedWhileWaiting: [t.closedWhileWaiting.text],
  preOpening: [t.preOpening.text],
  ended: [t.ended.text],
  healing: [t.healing.text],
  soldOut: [t.soldOut.text],
} as const;

/** In the line: the place, who is ahead, what the wait honestly is, and whether this is still live. */
export function Waiting({ fan, dispatch }: ViewProps) {
  const [leaving, setLeaving] = useState(false);
  if (fan.step.at !== 'waiting') return null;
  const { status } = fan.step;
  const name = showing(fan);
  const halt = name in halts ? halts[name as keyof typeof halts] : null;
  const over = name === 'ended';
  const placed = status.place !== null && !over && name !== 'healing' && name !== 'passedOver';
  return (
    <>
      <RoomMessage room={status.room} />
      {status.room.state === 'preOpening' && status.room.opensAtMs !== null && (
        <DoorsOpen fan={fan} opensAtMs={status.room.opensAtMs} />
      )}
      {halt !== null && (
        <Notice tone={name === 'paused' || name === 'healing' ? 'warn' : 'calm'}>
          {halt.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </Notice>
      )}
      {placed && <Place status={status} place={status.place!} firstAhead={fan.kept.firstAhead ?? 0} />}
      {!over && name !== 'healing' && <Outlook fan={fan} status={status} />}
      {!isAboutInvitation(fan) && <RefusalNotice fan={fan} />}
      {!over && <LaneNote status={status} />}
      {status.room.orderMode === 'draw' && fan.room !== null && (
        <DrawCheck room={fan.room} placeToken={fan.kept.placeToken} />
      )}
      {!over && <Invited fan={fan} status={status} dispatch={dispatch} />}
      <Connection fan={fan} moving={placed && name === 'waiting'} />
      {!over && name !== 'healing' && name !== 'passedOver' && <p class="hint">{t.waiting.close}</p>}
      {over ? (
        <a class="button secondary" href="/">
          {t.stopped.toList}
        </a>
      ) : (
        <button type="button" class="button plain" onClick={() => setLeaving(true)}>
          {t.waiting.leave}
        </button>
      )}
      {leaving && (
        <Confirm {...t.leaving} onYes={() => dispatch({ type: 'leave' })} onClose={() => setLeaving(false)} />
      )}
    </>
  );
}

/** Who waits with the others may have an invitation still. */
function Invited({ fan, status, dispatch }: ViewProps & { status: StatusOf<'waiting'> }) {
  const leads = status.lanes.some(({ lane, percent }) => lane === 'priority' && percent > 0);
  if (status.lane !== 'general' || !leads) return null;
  return (
    <details class="explained" open={isAboutInvitation(fan)}>
      <summary>{t.invitation.have}</summary>
      <InvitationForm
        fan={fan}
        label={t.invitation.use}
        big={false}
        onJoin={(invitation) => dispatch({ type: 'join', invitation })}
      />
    </details>
  );
}

function Place(props: { status: StatusOf<'waiting'>; place: number; firstAhead: number }) {
  const { status, place, firstAhead } = props;
  return (
    <>
      <p class="place">
        <span class="place-label">{t.waiting.place}</span>
        <span class="place-number" data-place={place}>
          {t.number(place)}
        </span>
        <span class="place-ahead">{t.waiting.ahead(place - 1, lanesBeside(status).length === 0)}</span>
      </p>
      <PlaceAnnouncer place={place} />
      <Progress place={place} firstAhead={firstAhead} />
    </>
  );
}

function Progress({ place, firstAhead }: { place: number; firstAhead: number }) {
  const whole = Math.max(firstAhead + 1, place);
  return (
    <progress
      class="progress"
      aria-label={t.waiting.progress}
      max={whole}
      value={Math.max(0, whole - place)}
    />
  );
}
