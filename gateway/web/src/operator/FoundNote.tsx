import { Notice } from '../ui/Notice.tsx';
import { t } from './texts.ts';
import type { Found } from './use-pages.ts';

/** What is to be said of a search beside its items: that it runs, found nothing, was refused, or was not heard. */
export function FoundNote<Item>(props: {
  found: Found<Item>;
  none: string;
  onMore: () => void;
  onAgain: () => void;
}) {
  const { found } = props;
  return (
    <>
      <div role="status" data-found={found.at}>
        {found.at === 'loading' && <p class="hint">{t.desk.searching}</p>}
        {found.at === 'found' && found.items.length === 0 && <p>{props.none}</p>}
        {found.at === 'refused' && (
          <Notice tone="bad">
            <p>{t.desk.notShown(found.problem.title)}</p>
          </Notice>
        )}
        {found.at === 'lost' && (
          <Notice tone="warn" title={t.trouble[found.kind].title}>
            <p>{t.desk.notHeard}</p>
          </Notice>
        )}
      </div>
      {found.at === 'lost' && (
        <button type="button" class="button secondary" onClick={props.onAgain}>
          {t.trouble.now}
        </button>
      )}
      {found.at === 'found' && found.cursor !== null && (
        <button type="button" class="button secondary" onClick={props.onMore}>
          {t.desk.more}
        </button>
      )}
    </>
  );
}
