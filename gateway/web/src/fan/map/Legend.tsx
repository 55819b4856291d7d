import type { Access, SectionSeats } from '@onsale/shared/http/seats';
import type { Look } from './look.ts';
import { SeatMark } from './SeatMark.tsx';
import { w } from './words.ts';

/** What the shapes mean; those of accessible seats only where there are such. */
export function Legend({ rows }: Pick<SectionSeats, 'rows'>) {
  const seats = rows.flatMap((row) => row.seats);
  const has = (access: Access): boolean => seats.some((seat) => seat.access === access);
  const sample = (words: string, look: Look, access: Access = null) => (
    <li>
      <span class={`seat ${look} ${access ?? ''}`} aria-hidden="true">
        <SeatMark look={look} access={access} seat={1} />
      </span>
      {words}
    </li>
  );
  return (
    <ul class="legend" aria-label={w.legend}>
      {sample(w.legendOf.free, 'free')}
      {sample(w.legendOf.mine, 'mine')}
      {sample(w.legendOf.held, 'held')}
      {sample(w.legendOf.gone, 'gone')}
      {has('wheelchair') && sample(w.legendOf.wheelchair, 'free', 'wheelchair')}
      {has('companion') && sample(w.legendOf.companion, 'free', 'companion')}
    </ul>
  );
}
