import { Panel } from '../fan/views/Panel.tsx';
import { t } from '../texts.ts';
import { Frame } from '../ui/Frame.tsx';

export function NotFoundPage() {
  return (
    <Frame>
      <Panel name="eventUnknown" title={t.stopped.eventUnknown.title} alone>
        <p>{t.stopped.eventUnknown.text}</p>
        <a class="button secondary" href="/">
          {t.stopped.toList}
        </a>
      </Panel>
    </Frame>
  );
}
