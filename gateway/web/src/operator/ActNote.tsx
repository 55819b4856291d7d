import { Notice } from '../ui/Notice.tsx';
import { t } from './texts.ts';
import type { Act } from './use-act.ts';

/** What became of the last act. */
export function ActNote<T>({ act, done }: { act: Act<T>; done: (value: T) => string }) {
  return (
    <div class="act-note" role="status" data-act={act.at}>
      {act.at === 'sending' && (
        <Notice tone="calm">
          <p>{t.operator.sending}</p>
        </Notice>
      )}
      {act.at === 'done' && (
        <Notice tone="good">
          <p>{done(act.value)}</p>
        </Notice>
      )}
      {act.at === 'refused' && (
        <Notice tone="bad">
          <p>{t.operator.refused(act.problem.title)}</p>
          {act.problem.detail !== undefined && <p>{act.problem.detail}</p>}
        </Notice>
      )}
      {act.at === 'lost' && (
        <Notice tone="warn" title={t.trouble[act.kind].title}>
          <p>{t.desk.lost}</p>
        </Notice>
      )}
    </div>
  );
}
