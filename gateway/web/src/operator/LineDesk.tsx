import type { Event } from '@onsale/shared/http/events';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { DrawCard } from './DrawCard.tsx';
import { ExportCard } from './ExportCard.tsx';
import { LanesTable } from './LanesTable.tsx';
import { ManagersOnly } from './ManagersOnly.tsx';
import { OrderForm } from './OrderForm.tsx';
import { stateOf } from './room-state.ts';
import { ScheduleForm } from './ScheduleForm.tsx';
import { SharesForm } from './SharesForm.tsx';
import { StateBadge } from './StateBadge.tsx';
import { t } from './texts.ts';

/** How the line of one event works: when it opens, in which order, in which shares, and what proves it. */
export function LineDesk(props: {
  room: OperatorRoom;
  event: Event | null;
  token: string;
  onChanged: () => void;
}) {
  const { room, event, token, onChanged } = props;
  return (
    <>
      <div class="panel">
        <div class="room-head" data-doors={stateOf(room)}>
          <h2>{t.desk.section.line}</h2>
          <StateBadge room={room} />
        </div>
        <ManagersOnly token={token}>
          <ScheduleForm room={room} event={event} token={token} onChanged={onChanged} />
          <OrderForm room={room} token={token} onChanged={onChanged} />
        </ManagersOnly>
      </div>
      <div class="panel">
        <LanesTable room={room} />
        <ManagersOnly token={token}>
          <SharesForm room={room} token={token} onChanged={onChanged} />
        </ManagersOnly>
      </div>
      <div class="panel">
        {room.policy.orderMode === 'draw' && <DrawCard room={room} token={token} onChanged={onChanged} />}
        <ExportCard eventId={room.policy.eventId} token={token} />
      </div>
    </>
  );
}
