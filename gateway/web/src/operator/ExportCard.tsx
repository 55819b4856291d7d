import type { AdmissionsPage } from '@onsale/shared/http/admissions';
import { useState } from 'preact/hooks';
import { type Answer, call } from '../net/call.ts';
import { t } from './texts.ts';

type Export =
  | { readonly at: 'none' }
  | { readonly at: 'reading' | 'done'; readonly batches: number }
  | { readonly at: 'failed' };

/** Everyone who was let in, as the file that bin/verify-draw checks: a page of the API on each line. */
export function ExportCard({ eventId, token }: { eventId: string; token: string }) {
  const [state, setState] = useState<Export>({ at: 'none' });

  async function read(): Promise<void> {
    const lines: string[] = [];
    let batches = 0;
    let after: string | null = null;
    do {
      const query: string = after === null ? '' : `?${new URLSearchParams({ after })}`;
      const path = `/api/v1/operator/rooms/${eventId}/admissions${query}`;
      const answer: Answer<AdmissionsPage> = await call<AdmissionsPage>('GET', path, { token });
      if (answer.outcome !== 'answered') return setState({ at: 'failed' });
      lines.push(JSON.stringify(answer.value));
      batches += answer.value.batches.length;
      after = answer.value.next;
      setState({ at: 'reading', batches });
    } while (after !== null);
    save(`${lines.join('\n')}\n`, `admissions-${eventId}.jsonl`);
    setState({ at: 'done', batches });
  }

  return (
    <div class="export-card">
      <h3>{t.exported.title}</h3>
      <p class="hint">{t.exported.text}</p>
      <button
        type="button"
        class="button secondary"
        disabled={state.at === 'reading'}
        onClick={() => void read()}
      >
        {t.exported.save}
      </button>
      <p role="status" data-export={state.at}>
        {state.at === 'failed' && t.exported.failed}
        {(state.at === 'reading' || state.at === 'done') && t.exported[state.at](state.batches)}
      </p>
    </div>
  );
}

function save(text: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/jsonl' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
