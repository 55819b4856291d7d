import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { pickPort, portIsFree } from './ports.ts';

let server: Server | undefined;
afterEach(() => server?.close());

test('[RUN-3] a free port is taken as preferred; one in use, or promised to another, is replaced', async () => {
  const taken = new Set<number>();
  const free = await pickPort(new Set());
  expect(await pickPort(taken, free)).toBe(free);
  expect(await pickPort(taken, free)).not.toBe(free);

  const used = await pickPort(taken);
  server = createServer();
  await new Promise<void>((resolve) => server!.listen(used, '127.0.0.1', resolve));
  expect(await portIsFree(used)).toBe(false);
  const other = await pickPort(new Set(), used);
  expect(other).not.toBe(used);
  expect(await portIsFree(other)).toBe(true);
});
