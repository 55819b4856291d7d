import { dateTime } from '../../format.ts';
import { t } from '../../texts.ts';
import { Countdown } from '../../ui/Countdown.tsx';
import { useNow } from '../../ui/use-now.ts';
import type { Fan } from '../fan.ts';

/** When the doors open: the time left by the server's clock, and the moment as the venue's clock shows it. */
export function DoorsOpen({ fan, opensAtMs }: { fan: Fan; opensAtMs: number }) {
  const open = useNow(1_000) + fan.clockOffsetMs >= opensAtMs;
  return (
    <div class="doors-open" data-opens-at={opensAtMs}>
      <Countdown
        label={t.preOpening.left}
        untilMs={opensAtMs}
        urgentMs={0}
        offsetMs={fan.clockOffsetMs}
        announce={t.preOpening.announce}
      />
      <p class="hint">
        {open || fan.event === null
          ? t.preOpening.now
          : t.preOpening.at(dateTime(opensAtMs, fan.event.venue.timeZone))}
      </p>
    </div>
  );
}
