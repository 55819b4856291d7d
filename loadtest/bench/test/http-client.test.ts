import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { wholeAnswer } from '../http/client.ts';
import { load } from '../http/load.ts';

test('an answer is whole when its length or its last chunk is there, and not before', () => {
  const sized = 'HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok';
  const chunked = 'HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n';
  for (const text of [sized, chunked]) {
    for (let at = 0; at < text.length; at++) expect(wholeAnswer(text.slice(0, at))).toBeUndefined();
  }
  expect(wholeAnswer(sized)).toEqual({ status: 201, body: 'ok' });
  expect(wholeAnswer(chunked)?.status).toBe(404);
});

test('a load counts what was made once, and notices a repeat that is answered with another hold', async () => {
  let answered = 0;
  const server = createServer((_, response) => {
    response.writeHead(201).end(JSON.stringify({ holdId: `hold-${++answered}` }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const requests = Array.from({ length: 500 }, () => Buffer.from('GET / HTTP/1.1\r\nhost: here\r\n\r\n'));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const told = await load(url, {
      connections: 4,
      windowMs: Number.POSITIVE_INFINITY,
      next: () => requests.pop(),
    });
    expect(told.made).toBe(500);
    expect(told.wrong).toBe(answered - told.made);
    expect(told.wrong).toBeGreaterThan(0);
    expect(told.requestsPerSecond).toBeGreaterThan(0);
  } finally {
    server.close();
  }
});
