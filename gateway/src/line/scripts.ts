import { readdirSync, readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

const folder = new URL('./lua/', import.meta.url);
const INCLUDE = /^--- @include "([a-z]+)"$/gm;

const read = (path: string): string => readFileSync(new URL(path, folder), 'utf8');

/** Every `lua/<name>-<keys>.lua` by name, with its includes put where it asks for them. */
const scripts = new Map(
  readdirSync(folder)
    .map((file) => /^([a-z]+)-(\d+)\.lua$/.exec(file))
    .filter((match) => match !== null)
    .map(([file, name, keys]) => {
      const lua = read(file).replace(INCLUDE, (_, include: string) => read(`includes/${include}.lua`));
      return [name!, { numberOfKeys: Number(keys), lua }] as const;
    }),
);

export type ScriptName =
  | 'join'
  | 'standing'
  | 'leave'
  | 'claim'
  | 'take'
  | 'offer'
  | 'look'
  | 'room'
  | 'snapshot';
export type RunScript = <Answer>(
  name: ScriptName,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<Answer>;

type Commands = Record<string, (...args: (string | number)[]) => Promise<unknown>>;

/**
 * Makes the scripts commands of this connection. ioredis sends the text once per connection and the digest from then on,
 * and the text again when Redis has forgotten it (NOSCRIPT).
 */
export function scriptsOn(redis: Redis): RunScript {
  for (const [name, script] of scripts) redis.defineCommand(`line:${name}`, script);
  return <Answer>(name: ScriptName, keys: readonly string[], args: readonly (string | number)[]) => {
    const wanted = scripts.get(name)?.numberOfKeys;
    if (wanted !== keys.length) throw new Error(`${name} takes ${wanted} keys, not ${keys.length}`);
    return (redis as unknown as Commands)[`line:${name}`]!(...keys, ...args) as Promise<Answer>;
  };
}
