import { Refusal } from '@onsale/shared/errors';
import type { RehearsalRequest } from '@onsale/shared/http/rehearsals';
import { bounds } from './bounds.ts';
import { clockOf } from './clock-of.ts';
import type { Desk } from './desk.ts';
import type { Script } from './scripts.ts';

/** The event of a run, on sale. */
export interface Stage {
  readonly event: string;
  /** How far the clock of the sale is ahead of ours. */
  readonly clockAheadMs: number;
  /** Ends it for good, when it was set up for the run. */
  takeDown(): Promise<void>;
}

/** An event that exists is used by scripts that ask for none of their own. */
const OTHERWISE = 'club-night';

/** Sets the script's event up, and makes sure that it is on sale. @throws when it is not, after taking it down again. */
export async function setStage(
  desk: Desk,
  { name, setup }: Script,
  { startedAt, env, say }: { startedAt: Date; env: NodeJS.ProcessEnv; say(line: string): void },
): Promise<Stage> {
  const event = setup.event === undefined ? (env.ONSALE_EVENT ?? OTHERWISE) : rehearsalId(name, startedAt);
  const rehearsal = setup.event;
  if (rehearsal === undefined)
    return { event, clockAheadMs: await checked(desk, event, say), takeDown: async () => {} };
  const takeDown = (): Promise<void> => ended(desk, event);
  try {
    await desk.begin({ ...rehearsal, eventId: event, name: `Rehearsal: ${name}` } as RehearsalRequest);
    return { event, clockAheadMs: await checked(desk, event, say), takeDown };
  } catch (error) {
    // Also when it could not be set up: what was refused to us may have been done all the same.
    await takeDown().catch((failure: Error) => say(failure.message));
    throw error;
  }
}

async function ended(desk: Desk, event: string): Promise<void> {
  try {
    await desk.end(event);
  } catch (cause) {
    if (cause instanceof Refusal && cause.code === 'eventUnknown') return;
    const why = (cause as Error).message;
    throw new Error(`${event} could not be ended, and is on sale until somebody does: ${why}`, { cause });
  }
}

/** @returns how far its clock is ahead of ours. @throws when nobody could buy. */
async function checked(desk: Desk, event: string, say: (line: string) => void): Promise<number> {
  const { policy } = await desk.room(event);
  if (!policy.open) throw new Error(`The doors of ${event} are shut: nobody could join.`);
  if ((await desk.free(event)) === 0) throw new Error(`${event} has no ticket to sell.`);
  const { aheadMs, withinMs } = await clockOf(async () => (await desk.room(event)).serverTimeMs);
  if (Math.abs(aheadMs) > Math.max(withinMs, bounds.clockToldMs))
    say(`The clock of the sale is ${aheadMs} ms ahead of this machine's: push staleness is off by as much.`);
  return aheadMs;
}

/** Its own for every run: what an earlier one sold is not there. */
const rehearsalId = (script: string, startedAt: Date): string =>
  `rehearsal-${script
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 30)}-${startedAt.getTime().toString(36)}`;
