import type { Seat, SectionSeats } from '@onsale/shared/http/seats';
import { useEffect, useRef } from 'preact/hooks';
import { useRead } from '../../net/use-read.ts';
import { Notice } from '../../ui/Notice.tsx';
import { bounds, mostOf } from '../bounds.ts';
import { TroubleBanner } from '../views/TroubleBanner.tsx';
import type { ChooseProps } from '../views/view.ts';
import { Legend } from './Legend.tsx';
import { lookOf } from './look.ts';
import { pressed } from './press.ts';
import { SeatGrid } from './SeatGrid.tsx';
import { w } from './words.ts';

/** One section: its seats, read again quietly as long as somebody looks. */
export function Section(
  props: ChooseProps & {
    name: string;
    accessible: boolean;
    /** Why a seat that was pressed cannot be chosen; empty when it could. */
    onSaid: (words: string) => void;
    onBack: () => void;
  },
) {
  const { fan, event, dispatch, name, accessible, onSaid, onBack } = props;
  const path = `/api/v1/events/${event.eventId}/sections/${encodeURIComponent(name)}`;
  const { value, problem, trouble, again } = useRead<SectionSeats>(path, null, bounds.seatsMs);
  const heading = useRef<HTMLHeadingElement>(null);
  const { picked } = fan.kept;
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView();
  }, []);
  useEffect(() => {
    if (value !== null) dispatch({ type: 'seatsSeen', seats: value.rows.flatMap(({ seats }) => seats) });
  }, [value]);

  function press(row: string, seat: Seat): void {
    const rules = { asOfMs: value!.asOfMs, max: mostOf(event), accessible };
    const outcome = pressed(fan, { section: name, row, seat }, rules);
    onSaid('words' in outcome ? outcome.words : '');
    if ('command' in outcome) dispatch(outcome.command);
  }

  return (
    <section class="section-open" aria-labelledby="section-title">
      <div class="section-head">
        <h3 id="section-title" ref={heading} tabIndex={-1}>
          {w.section(name)}
        </h3>
        <button type="button" class="button secondary small" onClick={onBack}>
          {w.back}
        </button>
      </div>
      {trouble !== null && <TroubleBanner trouble={trouble} onTry={again} />}
      {problem !== null && (
        <Notice tone="warn" alert>
          <p>{w.gone}</p>
        </Notice>
      )}
      {value === null && trouble === null && problem === null && <p role="status">{w.seatsLoading}</p>}
      {value !== null && (
        <>
          <SeatGrid
            event={event}
            map={value}
            look={(seat) => lookOf(seat, value.asOfMs, picked, fan.lost)}
            onPress={press}
          />
          <Legend rows={value.rows} />
        </>
      )}
    </section>
  );
}
