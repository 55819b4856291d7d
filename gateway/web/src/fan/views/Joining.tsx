import { t } from '../../texts.ts';
import { InvitationForm, isAboutInvitation } from './InvitationForm.tsx';
import type { ViewProps } from './view.ts';

/** The one button of the event's page, and an invitation where the room wants one or takes one. */
export function Joining({ fan, dispatch }: ViewProps) {
  const state = fan.room?.room.state ?? 'open';
  if (state === 'closed' || state === 'ended') return null;
  const inDraw = state === 'preOpening' && fan.room?.room.orderMode === 'draw';
  const label = inDraw ? t.event.joinDraw : t.event.join;
  const invited = (invitation: string): void => dispatch({ type: 'join', invitation });
  const { invitation } = fan.kept;
  if (fan.room?.identity === 'invitation' && invitation === null) {
    return (
      <>
        <p>{t.invitation.needed}</p>
        <InvitationForm fan={fan} label={label} big={true} onJoin={invited} />
      </>
    );
  }
  const takes = fan.room?.lanes.some(({ lane, percent }) => lane === 'priority' && percent > 0) ?? false;
  return (
    <>
      {invitation !== null && <p data-invited>{t.invitation.given}</p>}
      <button
        type="button"
        class="button primary big"
        disabled={fan.request !== null}
        onClick={() => dispatch({ type: 'join' })}
      >
        {label}
      </button>
      <p class="hint">{hintOf(state, fan.room?.room.waiting ?? 0)}</p>
      {takes && invitation === null && (
        <details class="explained" open={isAboutInvitation(fan)}>
          <summary>{t.invitation.have}</summary>
          <InvitationForm fan={fan} label={t.invitation.use} big={false} onJoin={invited} />
        </details>
      )}
    </>
  );
}

function hintOf(state: string, waiting: number): string {
  if (state === 'preOpening') return t.event.freeEarly;
  return waiting > 0 ? t.event.freeQueue(waiting) : t.event.free;
}
