import type { Ending } from '../../crowd/endings.ts';
import type { Fan } from './fan.ts';
import { conversion, endings, fansAnswered, faults } from './metrics.ts';
import { Unanswered } from './repeat.ts';

export type { Ending } from '../../crowd/endings.ts';

/** The sale gave an answer that no document allows here. */
export class Wronged extends Error {
  override name = 'Wronged';
}

/**
 * Lives one fan's sale and counts how it ended: every fan has exactly one ending, whatever is thrown.
 * @param life from arrival to ending
 */
export async function end(fan: Fan, life: (fan: Fan) => Promise<Ending>): Promise<Ending> {
  const ending = await life(fan).catch((error: unknown): Ending => {
    const { message, name } = error as Error;
    console.error(`fan ${fan.number}: ${name}: ${message}`);
    if (error instanceof Unanswered) return 'unanswered';
    faults.add(1, { fault: error instanceof Wronged ? message : `${name}: ${message}` });
    return 'wronged';
  });
  endings.add(1, { ending });
  fansAnswered.add(ending !== 'unanswered' && ending !== 'wronged');
  conversion.add(ending === 'bought');
  return ending;
}
