import { span } from '../../format.ts';
import { t } from '../../texts.ts';
import { useNow } from '../../ui/use-now.ts';
import { bounds } from '../bounds.ts';
import type { Fan } from '../fan.ts';

type State = 'live' | 'polling' | 'lost' | 'stale';

/** Whether what is shown is live, and how old it is where it is not. */
export function Connection({ fan, moving }: { fan: Fan; moving: boolean }) {
  const silentMs = useNow(1_000) - fan.heardAtMs;
  const state = connectionOf(fan, silentMs);
  const words: Record<State, string> = {
    live: moving ? t.waiting.live : t.waiting.liveHalted,
    polling: t.waiting.polling,
    lost: t.waiting.lost(span(silentMs)),
    stale: t.waiting.stale(span(fan.ageMs + silentMs)),
  };
  return (
    <p class={`connection ${state}`} data-connection={state}>
      <span class="connection-dot" aria-hidden="true" />
      {words[state]}
    </p>
  );
}

/** The gateway said that the line does not answer it. */
const isAway = ({ step }: Fan): boolean => step.at === 'waiting' && step.status.room.away !== undefined;

function connectionOf(fan: Fan, silentMs: number): State {
  if (!fan.online) return 'lost';
  if (isAway(fan) || fan.ageMs > bounds.staleMs) return 'stale';
  if (fan.socketUp) return 'live';
  return silentMs > bounds.silentMs ? 'lost' : 'polling';
}
