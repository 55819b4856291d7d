import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../texts.ts';

const everyMs = 20_000;

/** Says the place aloud now and then: a line that moves twice a second must not talk twice a second. */
export function PlaceAnnouncer({ place }: { place: number }) {
  const latest = useRef(place);
  latest.current = place;
  const [said, setSaid] = useState(place);
  useEffect(() => {
    const timer = setInterval(() => setSaid(latest.current), everyMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="unseen" aria-live="polite">
      {t.waiting.announce(said)}
    </p>
  );
}
