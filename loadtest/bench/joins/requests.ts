/** Requests to join, as bytes, each of a new fan with an address of his own. */
export function* newFans(eventId: string): Generator<Buffer, never> {
  for (let fan = 0; ; fan += 1) {
    const lines = [
      `POST /api/v1/events/${eventId}/line HTTP/1.1`,
      'host: 127.0.0.1',
      `x-forwarded-for: 10.${(fan >>> 16) & 255}.${(fan >>> 8) & 255}.${fan & 255}`,
      'content-length: 0',
    ];
    yield Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  }
}
