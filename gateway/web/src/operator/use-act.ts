import type { Problem } from '@onsale/shared/errors';
import { useRef, useState } from 'preact/hooks';
import { call, type Lost } from '../net/call.ts';
import { newKey } from '../net/key.ts';

/** Something an operator does, from the press of the button to its answer. */
export type Act<T> =
  | { readonly at: 'none' }
  | { readonly at: 'sending' }
  | { readonly at: 'done'; readonly value: T }
  | { readonly at: 'refused'; readonly problem: Problem }
  | { readonly at: 'lost'; readonly kind: Lost['kind'] };

/**
 * Sends one act at a time, and never by itself again: the operator sees what became of it and decides. The same once more
 * after no answer goes under the same key, so nothing is done twice.
 */
export function useAct<T>(token: string) {
  const [act, setAct] = useState<Act<T>>({ at: 'none' });
  const unsure = useRef<{ request: string; key: string } | null>(null);

  /** @returns whether it was done */
  async function send(
    method: string,
    path: string,
    body: Readonly<Record<string, unknown>>,
  ): Promise<boolean> {
    const request = `${method} ${path} ${JSON.stringify(body)}`;
    const key = unsure.current?.request === request ? unsure.current.key : newKey();
    unsure.current = { request, key };
    setAct({ at: 'sending' });
    const answer = await call<T>(method, path, { token, key, body });
    if (answer.outcome === 'lost') {
      setAct({ at: 'lost', kind: answer.lost.kind });
      return false;
    }
    unsure.current = null;
    if (answer.outcome === 'answered') setAct({ at: 'done', value: answer.value });
    if (answer.outcome === 'refused') setAct({ at: 'refused', problem: answer.problem });
    return answer.outcome === 'answered';
  }

  return { act, send, forget: () => setAct({ at: 'none' }) };
}
