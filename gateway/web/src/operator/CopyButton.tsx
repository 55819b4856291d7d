import { useState } from 'preact/hooks';
import { t } from './texts.ts';

/** Copies a text, or shows it to be copied by hand where the browser does not allow it. */
export function CopyButton({ label, text }: { label: string; text: string }) {
  const [state, setState] = useState<'none' | 'copied' | 'barred'>('none');
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      setState('barred');
    }
  }
  return (
    <span class="copy" data-copy={state}>
      <button type="button" class="button secondary" onClick={() => void copy()}>
        {label}
      </button>
      <span role="status">{state === 'copied' && t.invitations.copied}</span>
      {state === 'barred' && <textarea readOnly aria-label={label} value={text} />}
    </span>
  );
}
