import type { RoomView } from '@onsale/shared/http/line';
import { t } from '../../texts.ts';
import { Notice } from '../../ui/Notice.tsx';
import type { Fan } from '../fan.ts';
import { DoorsOpen } from './DoorsOpen.tsx';

/** What the room is like before joining, where it is not simply open. Read aloud when it changes. */
export function RoomNotice({ fan }: { fan: Fan }) {
  const room = fan.room?.room ?? null;
  const words = room === null ? null : wordsOf(room);
  return (
    <>
      <div
        class="room-notice"
        role="status"
        data-room={room?.away === undefined ? room?.state : `away-${room.away}`}
      >
        {words !== null && (
          <Notice
            tone={room!.state === 'preOpening' || room!.away === 'open' ? 'calm' : 'warn'}
            title={words.title}
          >
            <p>{words.text}</p>
          </Notice>
        )}
      </div>
      {room?.state === 'preOpening' && room.opensAtMs !== null && (
        <DoorsOpen fan={fan} opensAtMs={room.opensAtMs} />
      )}
    </>
  );
}

function wordsOf({ state, orderMode, away }: RoomView): { title: string; text: string } | null {
  const words = t.event.room;
  if (state === 'closed' || state === 'ended') return words[state];
  if (away !== undefined) return words.away[away];
  if (state === 'preOpening') return { title: words.preOpening.title, text: words.preOpening[orderMode] };
  return state === 'open' ? null : words[state];
}
