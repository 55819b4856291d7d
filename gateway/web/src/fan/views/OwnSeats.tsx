import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../texts.ts';
import { Notice } from '../../ui/Notice.tsx';
import type { ChooseProps } from './view.ts';

let loaded: FunctionComponent<ChooseProps> | null = null;

/** The seat map is a chunk of its own: who waits, or has the best found, never loads it. */
export function OwnSeats(props: ChooseProps) {
  const [SeatMap, setSeatMap] = useState<FunctionComponent<ChooseProps> | null>(() => loaded);
  const [round, setRound] = useState(0);
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (loaded !== null) return;
    let over = false;
    setLost(false);
    import('../map/SeatMap.tsx').then(
      (module) => {
        loaded = module.SeatMap;
        if (!over) setSeatMap(() => loaded);
      },
      () => {
        if (!over) setLost(true);
      },
    );
    return () => {
      over = true;
    };
  }, [round]);
  if (SeatMap !== null) return <SeatMap {...props} />;
  if (!lost) return <p role="status">{t.shopping.mapLoading}</p>;
  return (
    <Notice tone="warn" alert>
      <p>{t.shopping.mapLost}</p>
      <button type="button" class="button secondary" onClick={() => setRound(round + 1)}>
        {t.shopping.mapAgain}
      </button>
    </Notice>
  );
}
