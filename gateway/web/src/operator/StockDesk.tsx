import type { Event } from '@onsale/shared/http/events';
import type { OperatorRoom } from '@onsale/shared/http/operator';
import { CompForm } from './CompForm.tsx';
import { MoveForm } from './MoveForm.tsx';
import { StockBar } from './StockBar.tsx';
import { t } from './texts.ts';

/** The tickets of one event: what became of them, taking some off sale, giving some away. */
export function StockDesk(props: {
  room: OperatorRoom;
  event: Event | null;
  token: string;
  onChanged: () => void;
}) {
  const { room, event, token, onChanged } = props;
  const { eventId } = room.policy;
  return (
    <>
      <div class="panel">
        <h2>{t.desk.stock.title}</h2>
        <StockBar stock={room.stock} />
        <MoveForm eventId={eventId} event={event} token={token} onChanged={onChanged} />
      </div>
      <div class="panel">
        <CompForm eventId={eventId} event={event} token={token} onChanged={onChanged} />
      </div>
    </>
  );
}
