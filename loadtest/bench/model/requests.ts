import { limits } from '@onsale/shared/limits';
import type { LongLine } from '../push/line-of.ts';

/**
 * Requests for the status of fans all over a line, as bytes, each fan once before any comes again. Of the front nobody: there a status also
 * says who is present, and how many stand there hangs on how long the line is.
 */
export function* statuses({ eventId, places, authOf }: LongLine, fans: number): Generator<Buffer, never> {
  const from = limits.presencePlaces + 1;
  const step = Math.floor((places - from) / fans) || 1;
  const requests = Array.from({ length: Math.min(fans, places - from) }, (_, at) => {
    const { placeToken } = authOf(from + at * step) as { placeToken: string };
    const lines = [
      `GET /api/v1/events/${eventId}/line/me HTTP/1.1`,
      'host: 127.0.0.1',
      `authorization: Bearer ${placeToken}`,
    ];
    return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  });
  for (let at = 0; ; at += 1) yield requests[at % requests.length]!;
}
