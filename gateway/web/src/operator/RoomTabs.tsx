import type { OperatorRoom } from '@onsale/shared/http/operator';
import { StateBadge } from './StateBadge.tsx';
import { t } from './texts.ts';

/** Every room, and which one is looked at. */
export function RoomTabs(props: {
  rooms: readonly OperatorRoom[];
  chosen: string;
  nameOf: (eventId: string) => string;
  onChoose: (eventId: string) => void;
}) {
  return (
    <nav class="rooms" aria-label={t.operator.rooms}>
      <ul>
        {props.rooms.map((room) => (
          <li key={room.policy.eventId}>
            <button
              type="button"
              class="room"
              aria-pressed={room.policy.eventId === props.chosen}
              onClick={() => props.onChoose(room.policy.eventId)}
            >
              <strong>{props.nameOf(room.policy.eventId)}</strong>
              <span class="room-line">
                <StateBadge room={room} />
                {room.live !== null && t.count(room.live.waiting, 'waiting', 'waiting')}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
