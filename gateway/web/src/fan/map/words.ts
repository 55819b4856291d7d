/** What the seat map says, loaded with it. Another language is another module of this shape. */

const plural = new Intl.PluralRules('en');
const number = new Intl.NumberFormat('en');
const count = (n: number, one: string, many: string): string =>
  `${number.format(n)} ${plural.select(n) === 'one' ? one : many}`;

export const w = {
  sections: 'Sections, closest to the stage first',
  loading: 'Fetching the sections.',
  seatsLoading: 'Fetching the seats.',
  type: 'Ticket type',
  anyType: 'Any ticket type',
  free: (n: number) => (n === 0 ? 'None free' : `${number.format(n)} free`),
  accessibleFree: (n: number) => `${number.format(n)} accessible`,
  full: (n: number) =>
    `${count(n, 'section has', 'sections have')} no free seat and ${n === 1 ? 'is' : 'are'} not shown.`,
  none: 'No seat is free in any section at the moment. When time runs out for others, seats come back: this page shows it.',
  noneOfType: 'No seat of this type is free at the moment.',
  moreSections: (n: number) => `Show ${count(n, 'more section', 'more sections')}`,
  back: 'All sections',
  section: (section: string) => `Section ${section}`,
  stage: 'Stage this way',
  gone: 'This section is not sold any more.',
  grid: (section: string) => `Seats of section ${section}. Use the arrow keys to move, Enter to choose.`,
  rowWord: 'Row',
  accessible: 'Somebody in my group uses a wheelchair',
  accessibleHint: 'Opens wheelchair spaces and the seats beside them.',

  seat: (row: string, seat: number) => `Row ${row}, seat ${seat}`,
  access: { wheelchair: 'wheelchair space', companion: 'companion seat' },
  state: { free: 'free', mine: 'chosen', held: 'in another basket', gone: 'taken' },
  legend: 'What the seats look like',
  legendOf: {
    free: 'Free',
    mine: 'Chosen by you',
    held: 'In another basket',
    gone: 'Taken',
    wheelchair: 'Wheelchair space',
    companion: 'Companion seat',
  },
  cannot: {
    held: 'That seat is in another fan’s basket. It may come back.',
    gone: 'That seat is taken.',
    limit: (n: number) => `You have chosen ${count(n, 'seat', 'seats')}, as many as one buyer may.`,
    access:
      'That seat is kept for fans who use a wheelchair and for their companions. Tick the box above if that is you.',
    companion: 'That is a companion’s seat: choose the wheelchair space first.',
  },

  chosen: 'Your seats',
  sum: (n: number, price: string) => `${count(n, 'seat', 'seats')} chosen, ${price}`,
  noneChosen: 'No seat chosen yet. Press the seats you would like.',
  chip: (section: string, row: string, seat: number) => `${section} · ${row}${seat}`,
  drop: 'Give up',
  lostTitle: (n: number) => (n === 1 ? 'Another fan took this seat' : 'Other fans took these seats'),
  kept: (n: number) =>
    n === 0
      ? 'Please choose others.'
      : `Your other ${n === 1 ? 'seat is' : `${number.format(n)} seats are`} still chosen.`,
};
