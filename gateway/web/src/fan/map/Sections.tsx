import type { Event } from '@onsale/shared/http/events';
import type { SectionList, Section as SectionRow } from '@onsale/shared/http/seats';
import { useEffect, useRef, useState } from 'preact/hooks';
import { money } from '../../format.ts';
import { useRead } from '../../net/use-read.ts';
import { Notice } from '../../ui/Notice.tsx';
import { bounds } from '../bounds.ts';
import { TroubleBanner } from '../views/TroubleBanner.tsx';
import { w } from './words.ts';

const atOnce = 20;

/** The parts of the venue that have seats, closest to the stage first. */
export function Sections(props: {
  event: Event;
  accessible: boolean;
  /** The section the fan came back from: it has the focus again. */
  came: string | null;
  onOpen: (section: string) => void;
}) {
  const { event, accessible, came, onOpen } = props;
  const path = `/api/v1/events/${event.eventId}/sections`;
  const { value, trouble, again } = useRead<SectionList>(path, null, bounds.sectionsMs);
  const [tierId, setTierId] = useState('');
  const [more, setMore] = useState(0);
  if (value === null) {
    return trouble === null ? (
      <p role="status">{w.loading}</p>
    ) : (
      <TroubleBanner trouble={trouble} onTry={again} />
    );
  }
  const left = (row: SectionRow): number => row.free + (accessible ? row.accessibleFree : 0);
  const ofType = value.sections.filter(({ tierIds }) => tierId === '' || tierIds.includes(tierId));
  const open = ofType.filter((row) => left(row) > 0);
  const cameAt = open.findIndex(({ section }) => section === came);
  const shown = open.slice(0, Math.max(atOnce + more, cameAt + 1));
  return (
    <>
      {trouble !== null && <TroubleBanner trouble={trouble} onTry={again} />}
      <TypeFilter event={event} value={tierId} onChange={setTierId} />
      {open.length === 0 && (
        <Notice tone="warn">
          <p>{tierId === '' ? w.none : w.noneOfType}</p>
        </Notice>
      )}
      <ul class="sections" aria-label={w.sections}>
        {shown.map((row) => (
          <li key={row.section}>
            <Row
              event={event}
              row={row}
              accessible={accessible}
              came={row.section === came}
              onOpen={onOpen}
            />
          </li>
        ))}
      </ul>
      {open.length > shown.length && (
        <button type="button" class="button secondary" onClick={() => setMore(more + atOnce)}>
          {w.moreSections(Math.min(atOnce, open.length - shown.length))}
        </button>
      )}
      {open.length > 0 && open.length < ofType.length && (
        <p class="hint">{w.full(ofType.length - open.length)}</p>
      )}
    </>
  );
}

function Row(props: {
  event: Event;
  row: SectionRow;
  accessible: boolean;
  came: boolean;
  onOpen: (section: string) => void;
}) {
  const { event, row, accessible, came, onOpen } = props;
  const button = useRef<HTMLButtonElement>(null);
  // Once, on coming back: what is read later must not take the focus away.
  useEffect(() => {
    if (came) button.current?.focus();
  }, []);
  const tiers = event.tiers.filter(({ tierId }) => row.tierIds.includes(tierId));
  const prices = [...new Set(tiers.map(({ totalMinor }) => totalMinor))].sort((a, b) => a - b);
  return (
    <button ref={button} type="button" class="section" onClick={() => onOpen(row.section)}>
      <span class="tier-words">
        <strong>{row.section}</strong>
        <span class="tier-left">
          {w.free(row.free)}
          {accessible && row.accessibleFree > 0 && `, ${w.accessibleFree(row.accessibleFree)}`}
        </span>
      </span>
      <span class="price">{prices.map((minor) => money(minor, event.currency)).join(' / ')}</span>
      <svg class="chevron" viewBox="0 0 24 24" aria-hidden="true">
        <path d="m9 5 7 7-7 7" />
      </svg>
    </button>
  );
}

function TypeFilter(props: { event: Event; value: string; onChange: (tierId: string) => void }) {
  const { event, value, onChange } = props;
  if (event.tiers.length < 2) return null;
  return (
    <div class="field inline">
      <label for="section-type">{w.type}</label>
      <select id="section-type" value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        <option value="">{w.anyType}</option>
        {event.tiers.map((tier) => (
          <option key={tier.tierId} value={tier.tierId}>
            {tier.name}, {money(tier.totalMinor, event.currency)}
          </option>
        ))}
      </select>
    </div>
  );
}
