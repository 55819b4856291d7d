import { useEffect, useState } from 'preact/hooks';

/** The parts of the desk, in the order of their tabs. */
export const sections = [
  'room',
  'line',
  'invitations',
  'places',
  'orders',
  'holds',
  'stock',
  'door',
  'event',
] as const;
export type Section = (typeof sections)[number];

const chosen = (): Section => {
  const asked = new URLSearchParams(location.hash.slice(1)).get('section');
  return sections.find((section) => section === asked) ?? 'room';
};

/** Which part is shown: it stands in the address, so that a reload, a bookmark and the back button keep to it. */
export function useSection(): [Section, (section: Section) => void] {
  const [section, setSection] = useState(chosen);
  useEffect(() => {
    const moved = (): void => setSection(chosen());
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  return [
    section,
    (next) => {
      location.hash = `section=${next}`;
    },
  ];
}
