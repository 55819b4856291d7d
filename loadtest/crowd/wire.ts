import { Agent as HttpAgent, request } from 'node:http';
import { Agent as HttpsAgent, request as requestTls } from 'node:https';
import type { Transport } from '@onsale/shared/client';
import { bounds } from './bounds.ts';

/** HTTP with the crowd's bounded, shared connections: thousands of fans, each with a connection, would only load this process. */
export interface Wire {
  /** @throws when the connection fails or no whole answer comes within bounds.requestTimeoutMs. */
  readonly send: Transport;
  close(): void;
}

export function openWire(origin: string): Wire {
  const url = new URL(origin);
  const tls = url.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: bounds.connectionsMax };
  const agent = tls ? new HttpsAgent(options) : new HttpAgent(options);
  const open = tls ? requestTls : request;
  return {
    close: () => agent.destroy(),
    send: ({ method, path, headers, body }, signal) =>
      new Promise((resolve, reject) => {
        const asked = open(
          new URL(path, url),
          {
            agent,
            method,
            signal,
            timeout: bounds.requestTimeoutMs,
            headers: body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
          },
          (answer) => {
            const chunks: Buffer[] = [];
            answer.on('data', (chunk: Buffer) => chunks.push(chunk));
            answer.on('error', reject);
            answer.on('end', () =>
              resolve({
                status: answer.statusCode!,
                headers: answer.headers,
                text: Buffer.concat(chunks).toString(),
              }),
            );
          },
        );
        asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
        asked.on('error', reject);
        asked.end(body);
      }),
  };
}
