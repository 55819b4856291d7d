import type { Bench } from './bench.ts';
import { idle } from './claims/idle.ts';
import { kills } from './claims/kills.ts';
import { lastTickets } from './claims/last-tickets.ts';
import { sellOut } from './claims/sell-out.ts';
import { speed } from './claims/speed.ts';
import { atMost } from './verdicts.ts';

/**
 * One question after the other, each a file of `claims/`. First the buyer who is alone: a core and a plain shop have run nothing
 * but their own code, and after all the others' this process is as no core ever is.
 */
const phases = [idle, speed, sellOut, lastTickets, kills];

export const claims: Bench = {
  name: 'claims',
  question: 'How many holds per second of one hot event, 1,000 buyers at once, limits and idempotency on?',
  minutes: { quick: 6, full: 25 },
  async run(context) {
    const faults: string[] = [];
    const results = [];
    const verdicts = [];
    for (const phase of phases) {
      const outcome = await phase(context, faults);
      results.push(...outcome.results);
      verdicts.push(...outcome.verdicts);
    }
    for (const fault of faults) context.say(`broken: ${fault}`);
    const promise = 'Runs that broke stock, limit, repeat or count, of every design, or rolled back, of ours';
    return { results, verdicts: [atMost('claims-never-oversold', promise, 0, faults.length), ...verdicts] };
  },
};
