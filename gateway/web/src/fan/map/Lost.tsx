import { Notice } from '../../ui/Notice.tsx';
import { placeOf } from '../../ui/ticket-words.ts';
import type { Fan } from '../fan.ts';
import { w } from './words.ts';

/** Which of the chosen seats went to somebody else: heard when asking for them, or seen on the map before. */
export function Lost({ fan }: { fan: Fan }) {
  if (fan.lost === null || fan.lost.told) return null;
  const { seats } = fan.lost;
  return (
    <div data-lost={seats.map(({ ticketId }) => ticketId).join(' ')}>
      <Notice tone="bad" title={w.lostTitle(seats.length)} alert>
        <ul>
          {seats.map((seat) => (
            <li key={seat.ticketId}>{placeOf(seat)}</li>
          ))}
        </ul>
        <p>{w.kept(fan.kept.picked.length)}</p>
      </Notice>
    </div>
  );
}
