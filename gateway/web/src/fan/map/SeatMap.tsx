import { useState } from 'preact/hooks';
import type { ChooseProps } from '../views/view.ts';
import { Basket } from './Basket.tsx';
import { Section } from './Section.tsx';
import { Sections } from './Sections.tsx';
import { w } from './words.ts';

/** Pointing at seats: the sections, one section's seats, and what was chosen. The grid reserves nothing. */
export function SeatMap({ fan, event, dispatch }: ChooseProps) {
  const { picked } = fan.kept;
  const [section, setSection] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const [came, setCame] = useState<string | null>(null);
  const [accessible, setAccessible] = useState(() => picked.some(({ access }) => access !== null));

  const toggleAccessible = (): void => {
    const kept = picked.filter(({ access }) => access !== null).map(({ ticketId }) => ticketId);
    if (accessible && kept.length > 0) dispatch({ type: 'dropSeats', ticketIds: kept });
    setAccessible(!accessible);
  };
  const back = (): void => {
    setSaid('');
    setCame(section);
    setSection(null);
  };
  return (
    <div class="seat-map">
      <Accessible checked={accessible} onToggle={toggleAccessible} />
      {section === null ? (
        <Sections event={event} accessible={accessible} came={came} onOpen={setSection} />
      ) : (
        <Section
          key={section}
          fan={fan}
          event={event}
          dispatch={dispatch}
          name={section}
          accessible={accessible}
          onSaid={setSaid}
          onBack={back}
        />
      )}
      <Basket fan={fan} event={event} dispatch={dispatch} said={said} />
    </div>
  );
}

function Accessible({ checked, onToggle }: { checked: boolean; onToggle: () => void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={onToggle} aria-describedby="accessible-hint" />
      <span>
        {w.accessible}
        <span id="accessible-hint" class="hint">
          {w.accessibleHint}
        </span>
      </span>
    </label>
  );
}
