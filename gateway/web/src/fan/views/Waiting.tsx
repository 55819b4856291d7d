import { useState } from 'preact/hooks';
import { span } from '../../format.ts';
import { t } from '../../texts.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useNow } from '../../ui/use-now.ts';
import { bounds } from '../bounds.ts';
import { type Fan, type StatusOf, showing } from '../fan.ts';
import { PlaceAnnouncer } from './PlaceAnnouncer.tsx';
import type { ViewProps } from './view.ts';

const halts = { paused: t.paused, closedWhileWaiting: t.closedWhileWaiting, soldOut: t.soldOut } as const;

/** In the line: the place, who is ahead, what the wait honestly is, and whether this is still live. */
export function Waiting({ fan, dispatch }: ViewProps) {
  const [leaving, setLeaving] = useState(false);
  if (fan.step.at !== 'waiting') return null;
  const { status } = fan.step;
  const name = showing(fan);
  const halt = name in halts ? halts[name as keyof typeof halts] : null;
  return (
    <>
      {halt !== null && (
        <Notice tone="warn">
          <p>{halt.text}</p>
        </Notice>
      )}
      <p class="place">
        <span class="place-label">{t.waiting.place}</span>
        <span class="place-number" data-place={status.place}>
          {t.number(status.place)}
        </span>
        <span class="place-ahead">{t.waiting.ahead(status.ahead)}</span>
      </p>
      <PlaceAnnouncer place={status.place} />
      <Progress status={status} firstAhead={fan.kept.firstAhead ?? status.ahead} />
      {halt === null && (
        <p class="estimate">
          <span>{t.waiting.estimate}</span>
          <strong>{status.estimateMs === null ? t.waiting.notKnown : t.wait(status.estimateMs)}</strong>
        </p>
      )}
      <Connection fan={fan} />
      <p class="hint">{t.waiting.close}</p>
      <button type="button" class="button plain" onClick={() => setLeaving(true)}>
        {t.waiting.leave}
      </button>
      {leaving && (
        <Confirm {...t.leaving} onYes={() => dispatch({ type: 'leave' })} onClose={() => setLeaving(false)} />
      )}
    </>
  );
}

function Progress({ status, firstAhead }: { status: StatusOf<'waiting'>; firstAhead: number }) {
  const whole = firstAhead + 1;
  return (
    <progress
      class="progress"
      aria-label={t.waiting.progress}
      max={whole}
      value={Math.max(0, whole - status.place)}
    />
  );
}

function Connection({ fan }: { fan: Fan }) {
  const silentMs = useNow(1_000) - fan.heardAtMs;
  const state = connectionOf(fan, silentMs);
  const words = { live: t.waiting.live, polling: t.waiting.polling, lost: t.waiting.lost(span(silentMs)) };
  return (
    <p class={`connection ${state}`} data-connection={state}>
      <span class="connection-dot" aria-hidden="true" />
      {words[state]}
    </p>
  );
}

function connectionOf(fan: Fan, silentMs: number): 'live' | 'polling' | 'lost' {
  if (!fan.online) return 'lost';
  if (fan.socketUp) return 'live';
  return silentMs > bounds.silentMs ? 'lost' : 'polling';
}
