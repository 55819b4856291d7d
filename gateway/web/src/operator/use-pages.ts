import type { Problem } from '@onsale/shared/errors';
import { useRef, useState } from 'preact/hooks';
import type { Answer, Lost } from '../net/call.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursor: string | null;
}
export type Ask<Item> = (cursor: string | null) => Promise<Answer<Page<Item>>>;

/** What was searched for, as far as it is here. */
export type Found<Item> =
  | { readonly at: 'none' }
  | { readonly at: 'loading'; readonly items: readonly Item[] }
  | ({ readonly at: 'found' } & Page<Item>)
  | { readonly at: 'refused'; readonly problem: Problem }
  | { readonly at: 'lost'; readonly kind: Lost['kind'] };

/** A search, its answer page by page. An answer to an earlier search is not shown. */
export function usePages<Item>() {
  const [found, setFound] = useState<Found<Item>>({ at: 'none' });
  const asked = useRef<Ask<Item> | null>(null);

  async function read(ask: Ask<Item>, before: readonly Item[], cursor: string | null): Promise<void> {
    asked.current = ask;
    setFound({ at: 'loading', items: before });
    const answer = await ask(cursor);
    if (asked.current !== ask) return;
    if (answer.outcome === 'answered')
      setFound({ at: 'found', items: [...before, ...answer.value.items], cursor: answer.value.cursor });
    if (answer.outcome === 'refused') setFound({ at: 'refused', problem: answer.problem });
    if (answer.outcome === 'lost') setFound({ at: 'lost', kind: answer.lost.kind });
  }

  return {
    found,
    search: (ask: Ask<Item>) => read(ask, [], null),
    /** The next page of what is shown. */
    more: async () => {
      if (found.at !== 'found' || found.cursor === null || asked.current === null) return;
      await read(asked.current, found.items, found.cursor);
    },
    /** The same again, from its first page. */
    again: async () => {
      if (asked.current !== null) await read(asked.current, [], null);
    },
  };
}
