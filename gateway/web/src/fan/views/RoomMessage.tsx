import type { RoomView } from '@onsale/shared/http/line';
import { t } from '../../texts.ts';
import { Notice } from '../../ui/Notice.tsx';
import { messageFor } from '../message.ts';

/** What the organiser tells those who wait. The region is always there, so that a new message is read aloud. */
export function RoomMessage({ room }: { room: Pick<RoomView, 'message'> | null }) {
  const message = messageFor(room?.message ?? null, navigator.languages);
  return (
    <div class="room-message" role="status" data-message={message?.language}>
      {message !== null && (
        <Notice tone="calm" title={t.waiting.message}>
          <p lang={message.language} dir="auto">
            {message.text}
          </p>
        </Notice>
      )}
    </div>
  );
}
