import type { OperatorRoom } from '@onsale/shared/http/operator';
import { t } from '../texts.ts';
import { doorsOf } from './doors.ts';

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
        {props.rooms.map(({ policy, live }) => (
          <li key={policy.eventId}>
            <button
              type="button"
              class="room"
              aria-pressed={policy.eventId === props.chosen}
              onClick={() => props.onChoose(policy.eventId)}
            >
              <strong>{props.nameOf(policy.eventId)}</strong>
              <span class="room-line">
                <span class={`badge ${doorsOf(policy)}`}>{t.operator.state[doorsOf(policy)]}</span>
                {live !== null && t.count(live.waiting, 'waiting', 'waiting')}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
