import { t } from '../../texts.ts';
import { orderHref } from '../../ui/KeepLink.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { DrawCheck } from './DrawCheck.tsx';
import { isAboutInvitation } from './InvitationForm.tsx';
import { Joining } from './Joining.tsx';
import { RefusalNotice } from './RefusalNotice.tsx';
import { RoomMessage } from './RoomMessage.tsx';
import { RoomNotice } from './RoomNotice.tsx';
import { TierPrices } from './TierPrices.tsx';
import type { ViewProps } from './view.ts';

/** The event before the fan joins: how the room is, what there is, what it costs, and the one button. */
export function Summary({ fan, dispatch }: ViewProps) {
  const { event, step, kept } = fan;
  if (event === null) return null;
  return (
    <>
      {step.at === 'event' && step.left && <Notice tone="calm">{t.event.left}</Notice>}
      {!isAboutInvitation(fan) && <RefusalNotice fan={fan} />}
      <RoomMessage room={fan.room?.room ?? null} />
      <RoomNotice fan={fan} />
      {kept.bought.length > 0 && (
        <Notice tone="good" title={t.event.bought}>
          <ul class="plain">
            {kept.bought.map((access) => (
              <li key={access.orderId}>
                <a href={orderHref(access)}>{t.event.boughtOpen}</a>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <TierPrices event={event} />
      <p class="facts">
        {event.admission === 'seated' ? t.event.seated : t.event.general}. {t.event.limit(event.buyerLimit)}.
      </p>
      <Joining fan={fan} dispatch={dispatch} />
      {fan.room?.room.orderMode === 'draw' && <DrawCheck room={fan.room} placeToken={null} />}
    </>
  );
}
