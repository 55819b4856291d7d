import { readdirSync, readFileSync } from 'node:fs';
import { keysOf, type LineKeys } from '@onsale/shared/redis-keys';
import type { Redis } from 'ioredis';

const folder = new URL('./lua/', import.meta.url);
const INCLUDE = /^--- @include "([a-z]+)"$/gm;

const read = (path: string): string => readFileSync(new URL(path, folder), 'utf8');

/** Every `lua/<name>.lua` by name, with its includes put where it asks for them. */
const scripts = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.lua'))
    .map((file) => {
      const lua = read(file).replace(INCLUDE, (_, include: string) => read(`includes/${include}.lua`));
      return [file.slice(0, -'.lua'.length), lua] as const;
    }),
);

export type ScriptName =
  | 'join'
  | 'standing'
  | 'seen'
  | 'leave'
  | 'claim'
  | 'renew'
  | 'take'
  | 'offer'
  | 'look'
  | 'room'
  | 'news'
  | 'snapshot'
  | 'revive'
  | 'restore'
  | 'turnsback'
  | 'session';
/** Runs a script on all keys of one room. */
export type RunScript = <Answer>(
  name: ScriptName,
  keys: LineKeys,
  args: readonly (string | number)[],
) => Promise<Answer>;

type Commands = Record<string, (...args: (string | number)[]) => Promise<unknown>>;

/**
 * Makes the scripts commands of this connection. ioredis sends the text once per connection and the digest from then on,
 * and the text again when Redis has forgotten it (NOSCRIPT). Every script is given all keys of its room, in one order that
 * `includes/keys.lua` names: lists of its own for each were a third of what the line's code said.
 */
export function scriptsOn(redis: Redis): RunScript {
  const numberOfKeys = Object.keys(keysOf('', '')).length;
  for (const [name, lua] of scripts) redis.defineCommand(`line:${name}`, { numberOfKeys, lua });
  return <Answer>(name: ScriptName, keys: LineKeys, args: readonly (string | number)[]) =>
    (redis as unknown as Commands)[`line:${name}`]!(...namesOf(keys), ...args) as Promise<Answer>;
}

/** The names of a room's keys, in their order, made once for each set of keys. */
const names = new WeakMap<LineKeys, string[]>();
function namesOf(keys: LineKeys): string[] {
  let made = names.get(keys);
  if (made === undefined) {
    made = Object.values(keys);
    names.set(keys, made);
  }
  return made;
}
