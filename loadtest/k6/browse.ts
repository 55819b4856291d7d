import { Rate } from 'k6/metrics';
import type { Options } from 'k6/options';
import { arrivals, arriving, scheduleKept } from './lib/arrivals.ts';
import { end } from './lib/ending.ts';
import { type Fan, think } from './lib/fan.ts';
import { numberOption } from './lib/settings.ts';
import { beforeSale } from './lib/stock.ts';
import { fastEnough, sound, summaryTrendStats } from './lib/thresholds.ts';
import { Visit } from './lib/visit.ts';

/**
 * The day before, and everyone who only looks: a hundred reads to one write. A visitor opens the event's page with its files,
 * looks at the event, the room, sections and their seats; the one write in a hundred is a join, after which he looks where he
 * stands. Options of its own:
 *
 * - `READS` (20): what one visitor reads, his page's files among it
 */
const READS_PER_WRITE = 100;
const reads = numberOption('READS', 20, { min: 5, max: READS_PER_WRITE, whole: true });

/** Of reads and writes together, the writes: the mix is part of what is measured. */
const writes = new Rate('writes');

export const options: Options = {
  scenarios: { fans: arrivals('fan') },
  thresholds: {
    ...sound,
    ...scheduleKept('fans'),
    ...fastEnough(['page', 'file', 'events', 'event', 'room', 'sections', 'section', 'status', 'join']),
    fans_answered: ['rate==1'],
    writes: ['rate>0.008', 'rate<0.012'],
  },
  summaryTrendStats,
};

export const setup = beforeSale;

export async function fan(): Promise<void> {
  await end(arriving(), (visitor) => look(visitor, writesOf(visitor.number)));
}

/** Whether this visitor makes one of the writes: as many as there are whole hundreds of reads up to his own. */
const writesOf = (number: number): boolean =>
  Math.floor(((number + 1) * reads) / READS_PER_WRITE) > Math.floor((number * reads) / READS_PER_WRITE);

/** He goes as he came: looking is no promise to buy. */
async function look(fan: Fan, joins: boolean): Promise<'gaveUp'> {
  const visit = new Visit(fan);
  for (let read = 0; read < reads; read += 1) {
    // A page and its files come at once, as a browser asks for them.
    if (!visit.loading) await think(fan);
    if (joins && !visit.joined && read >= reads / 2) {
      await visit.join();
      writes.add(true);
    }
    await visit.read();
    writes.add(false);
  }
  return 'gaveUp';
}
