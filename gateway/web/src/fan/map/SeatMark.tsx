import type { Access } from '@onsale/shared/http/seats';
import type { Look } from './look.ts';

/** What stands in a seat: its number when it is free, and a shape of its own for every other case, never colour alone. */
export function SeatMark({ look, access, seat }: { look: Look; access: Access; seat: number }) {
  const path = look === 'free' ? (access === null ? null : accessShapes[access]) : shapes[look];
  if (path === null) return <>{seat}</>;
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

const shapes: Record<Exclude<Look, 'free'>, string> = {
  mine: 'M5 12.5l4.5 4.5L19 7',
  held: 'M12 6v6l4 3M12 3a9 9 0 1 0 .01 0',
  gone: 'M6 6l12 12M18 6L6 18',
};
const accessShapes: Record<Exclude<Access, null>, string> = {
  wheelchair: 'M10 4.5v6h5l2.5 6M10 8h4M8 11.5a4.5 4.5 0 1 0 6 6',
  companion: 'M12 4.5a2.6 2.6 0 1 0 .01 0M6.5 20v-3a5.5 5.5 0 0 1 11 0v3',
};
