import { type Section, sections } from './sections.ts';
import { t } from './texts.ts';

export function SectionTabs({
  section,
  onChoose,
}: {
  section: Section;
  onChoose: (section: Section) => void;
}) {
  return (
    <nav class="sections" aria-label={t.desk.sections}>
      {sections.map((one) => (
        <button
          key={one}
          type="button"
          class="section-tab"
          aria-current={one === section ? 'page' : undefined}
          onClick={() => onChoose(one)}
        >
          {t.desk.section[one]}
        </button>
      ))}
    </nav>
  );
}
