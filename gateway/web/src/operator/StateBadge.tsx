import type { OperatorRoom } from '@onsale/shared/http/operator';
import { stateOf } from './room-state.ts';
import { t } from './texts.ts';

const looks = {
  open: 'open',
  preOpening: 'paused',
  paused: 'paused',
  closed: 'closed',
  ended: 'closed',
  soldOut: '',
  healing: 'closed',
} as const;

/** What the room does, and whether it only rehearses. */
export function StateBadge({ room }: { room: OperatorRoom }) {
  const state = stateOf(room);
  return (
    <span class="room-badges">
      {room.policy.rehearsal && <span class="badge">{t.operator.rehearsal}</span>}
      <span class={`badge ${looks[state]}`}>{t.operator.state[state]}</span>
    </span>
  );
}
