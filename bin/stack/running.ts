import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { identityOf } from './identity.ts';
import { stateFolder } from './state.ts';

/** The sale that `bin/up` of this checkout runs, as other commands find it. */
const RunningSale = z.object({
  pid: z.int(),
  identity: z.string(),
  gatewayUrl: z.url(),
  operatorUrl: z.url(),
  databaseUrl: z.string(),
  redisUrl: z.string(),
  redisPrefix: z.string(),
  operatorToken: z.string(),
});
export type RunningSale = z.infer<typeof RunningSale>;

const fileIn = (folder: string): string => join(folder, 'up.json');

/** @returns undefined when no sale of this checkout runs; what a killed one left behind does not count. */
export function runningSale(folder = stateFolder): RunningSale | undefined {
  let text: string;
  try {
    text = readFileSync(fileIn(folder), 'utf8');
  } catch {
    return undefined;
  }
  const sale = RunningSale.safeParse(safeJson(text)).data;
  return sale !== undefined && identityOf(sale.pid) === sale.identity ? sale : undefined;
}

/** Says where this process's sale is, to its owner alone. @returns what takes it back. */
export function announceSale(sale: Omit<RunningSale, 'pid' | 'identity'>, folder = stateFolder): () => void {
  const entry = RunningSale.parse({ ...sale, pid: process.pid, identity: identityOf(process.pid) });
  rmSync(fileIn(folder), { force: true });
  writeFileSync(fileIn(folder), JSON.stringify(entry, undefined, 2), { mode: 0o600 });
  return () => rmSync(fileIn(folder), { force: true });
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
