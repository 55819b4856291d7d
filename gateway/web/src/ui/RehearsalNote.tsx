import type { Event } from '@onsale/shared/http/events';
import { t } from '../texts.ts';
import { Notice } from './Notice.tsx';

/** Says of a rehearsal that it is one, above all else of it, on every page of it. */
export function RehearsalNote({ event }: { event: Event | null }) {
  if (event?.rehearsal !== true) return null;
  return (
    <div class="rehearsal-note">
      <Notice tone="warn" title={t.rehearsal.title}>
        <p>{t.rehearsal.text}</p>
      </Notice>
    </div>
  );
}
