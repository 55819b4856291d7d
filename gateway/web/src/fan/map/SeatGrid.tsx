import type { Event } from '@onsale/shared/http/events';
import type { Seat, SectionSeats } from '@onsale/shared/http/seats';
import { useRef, useState } from 'preact/hooks';
import { money } from '../../format.ts';
import type { Look } from './look.ts';
import { type At, rove, within } from './roving.ts';
import { SeatMark } from './SeatMark.tsx';
import { w } from './words.ts';

/**
 * Rows and seats as buttons, one of them in the tab order: arrow keys move among them. A seat that cannot be had stays a
 * button that can be reached, so that a screen reader hears the whole section; pressing it says why.
 */
export function SeatGrid(props: {
  event: Event;
  map: SectionSeats;
  look: (seat: Seat) => Look;
  onPress: (row: string, seat: Seat) => void;
}) {
  const { event, map, look, onPress } = props;
  const grid = useRef<HTMLTableElement>(null);
  const [wanted, setAt] = useState<At>({ row: 0, seat: 0 });
  const lengths = map.rows.map(({ seats }) => seats.length);
  const at = within(wanted, lengths);
  const prices = new Map(event.tiers.map((tier) => [tier.tierId, money(tier.totalMinor, event.currency)]));

  function onKeyDown(event: KeyboardEvent): void {
    const next = rove(at, event.key, event.ctrlKey || event.metaKey, lengths);
    if (next === null) return;
    event.preventDefault();
    setAt(next);
    grid.current?.querySelector<HTMLButtonElement>(`[data-at="${next.row}:${next.seat}"]`)?.focus();
  }
  return (
    <div class="seats-scroll">
      <p class="stage">{w.stage}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the grid pattern of ARIA, on the rows and cells that a table has by itself */}
      <table ref={grid} class="seats" role="grid" aria-label={w.grid(map.section)} onKeyDown={onKeyDown}>
        <tbody>
          {map.rows.map(({ row, seats }, rowAt) => (
            <tr key={row}>
              <th scope="row">
                <span class="unseen">{w.rowWord}</span> {row}
              </th>
              {seats.map((seat, seatAt) => {
                const looks = look(seat);
                return (
                  <td key={seat.ticketId}>
                    <button
                      type="button"
                      class={`seat ${looks} ${seat.access ?? ''}`}
                      data-at={`${rowAt}:${seatAt}`}
                      data-ticket={seat.ticketId}
                      tabIndex={rowAt === at.row && seatAt === at.seat ? 0 : -1}
                      aria-pressed={looks === 'mine'}
                      aria-disabled={looks === 'held' || looks === 'gone'}
                      aria-label={nameOf(row, seat, looks, prices.get(seat.tierId))}
                      onFocus={() => setAt({ row: rowAt, seat: seatAt })}
                      onClick={() => onPress(row, seat)}
                    >
                      <SeatMark look={looks} access={seat.access} seat={seat.seat} />
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function nameOf(row: string, { seat, access }: Seat, look: Look, price: string | undefined): string {
  const kind = access === null ? [] : [w.access[access]];
  return [w.seat(row, seat), ...kind, w.state[look], ...(look === 'free' ? [price] : [])].join(', ');
}
