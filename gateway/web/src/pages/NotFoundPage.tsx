import { t } from '../texts.ts';
import { Frame } from '../ui/Frame.tsx';

export function NotFoundPage() {
  return (
    <Frame>
      <section class="panel">
        <h1 class="page-title">{t.stopped.eventUnknown.title}</h1>
        <p>{t.stopped.eventUnknown.text}</p>
        <a class="button secondary" href="/">
          {t.stopped.toList}
        </a>
      </section>
    </Frame>
  );
}
