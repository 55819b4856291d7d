/**
 * What the operator tells the waiting is the moment at which he said it, by the clock of the machine that k6 runs on: so
 * everybody who hears it knows how old it is, whatever clock the sale has.
 */
export const stampOf = (nowMs: number): Readonly<Record<string, string>> => ({ en: `said at ${nowMs}` });

/** @returns when it was said; undefined when a message of the socket says nothing of it */
export function saidAtMs(message: unknown): number | undefined {
  const { room, status } = message as { room?: Spoken; status?: { room?: Spoken } };
  const text = (room ?? status?.room)?.message?.en;
  const said = /^said at (\d+)$/.exec(text ?? '');
  return said === null ? undefined : Number(said[1]);
}

interface Spoken {
  readonly message: Readonly<Record<string, string>> | null;
}
