import { Refusal } from '@onsale/shared/errors';

/** What ioredis says when it has no connection, lost it, or waited in vain; and what a Redis says that cannot serve now. */
const AWAY =
  /^(Connection is closed|Stream isn't writeable|Command timed out|Reached the max retries|Command aborted)|^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)\b/;
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

/** Redis's absence as a client is told of it. @throws Refusal unavailable; any other fault as it is */
export async function orUnavailable<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    if (!isAway(cause)) throw cause;
    throw new Refusal(
      'unavailable',
      { detail: 'The line is away for a moment', retryAfterMs: 1_000 },
      { cause },
    );
  }
}

function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return AWAY.test(error.message) || (code !== undefined && AWAY_CODES.has(code));
}
