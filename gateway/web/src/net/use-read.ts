import type { Problem } from '@onsale/shared/errors';
import { useEffect, useState } from 'preact/hooks';
import { retryDelayMs } from '../fan/bounds.ts';
import type { Trouble } from '../fan/fan.ts';
import { call } from './call.ts';
import { visible } from './visible.ts';

export interface Reading<T> {
  readonly value: T | null;
  readonly problem: Problem | null;
  readonly trouble: Trouble | null;
  readonly heardAtMs: number;
  /** Reads at once. */
  again(): void;
}

/** Reads an address until it answers, and again every `everyMs` when that is given, as long as the page is looked at. */
export function useRead<T>(path: string | null, token: string | null, everyMs: number | null): Reading<T> {
  const [round, setRound] = useState(0);
  const [read, setRead] = useState<Omit<Reading<T>, 'again'>>({
    value: null,
    problem: null,
    trouble: null,
    heardAtMs: Date.now(),
  });
  useEffect(() => {
    if (path === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    let attempt = 0;
    const turn = async (): Promise<void> => {
      if (attempt === 0) await visible();
      if (over) return;
      const answer = await call<T>('GET', path, { token });
      if (over) return;
      if (answer.outcome === 'answered') {
        attempt = 0;
        setRead({ value: answer.value, problem: null, trouble: null, heardAtMs: Date.now() });
        if (everyMs !== null) timer = setTimeout(turn, everyMs);
      } else if (answer.outcome === 'refused') {
        setRead((last) => ({ ...last, problem: answer.problem, trouble: null }));
      } else if (answer.outcome === 'lost') {
        const waitMs = retryDelayMs(++attempt, answer.lost.retryAfterMs, Math.random());
        const trouble = { kind: answer.lost.kind, attempt, retryAtMs: Date.now() + waitMs };
        setRead((last) => ({ ...last, trouble }));
        timer = setTimeout(turn, waitMs);
      }
    };
    void turn();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [path, token, everyMs, round]);
  return { ...read, again: () => setRound((n) => n + 1) };
}
