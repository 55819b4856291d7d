/**
 * Every Redis key, in one place. All keys of an event share the hash tag `{<prefix>:<event>}`, so that a script that
 * touches several of them runs on one node of a cluster. The clock of all scores and fields is Redis's own (`TIME`).
 *
 * | key          | type   | member or field → value                                             | bound                 | written by            |
 * |--------------|--------|---------------------------------------------------------------------|-----------------------|-----------------------|
 * | `:line`      | zset   | place id → order number (µs, strictly increasing)                   | one a waiting fan     | join, take, leave     |
 * | `:last`      | string | the last order number given                                         | one                   | join                  |
 * | `:offers`    | zset   | place id → end of its claim window, epoch ms                        | capacity              | offer, claim, leave, take (drops the lapsed) |
 * | `:sessions`  | zset   | place id → end of its session, epoch ms                             | capacity              | claim, leave, take (drops the expired) |
 * | `:turns`     | hash   | place id → `turn:offeredAtMs:claimByMs:stage` of its last admission, stage `offered`, `claimed`, or how it ended | one an admitted fan | offer, claim, leave |
 * | `:batch`     | hash   | the batch taken from the line and not yet recorded: place id → `order:turn`, with `:left` when he left since; `#` → `batch:atMs:reason` | ≤ limits.batchMaxPlaces + 1 | take; leave and join mark; offer deletes |
 * | `:room`      | string | copy of the room's row in Postgres, JSON (`Room` of http/internal.ts) | one                 | room (only a higher version replaces) |
 * | `:rate`      | hash   | `credit` (places, fraction), `atMs`, `batches` (counter), `seq` of the last look | one      | take, offer, look     |
 * | `:flow`      | hash   | second modulo 64 → `second:admitted`                                | 64 fields             | offer                 |
 * | `:snapshot`  | string | what the gateways derive places from, JSON (`Snapshot` of snapshot.ts) | one, fixed size    | admission worker      |
 * | `…:rooms`    | set    | events that have a room here                                        | one a room            | admission worker      |
 * | `…:net:<network>` | zset or string | requests of one network in the last minute                | expires by itself     | limit                 |
 * | `{<prefix>}:bull:…` | BullMQ | its own keys                                                     | BullMQ                | BullMQ                |
 */
export const keysOf = (prefix: string, eventId: string) => {
  const tag = `{${prefix}:${eventId}}`;
  return {
    line: `${tag}:line`,
    last: `${tag}:last`,
    offers: `${tag}:offers`,
    sessions: `${tag}:sessions`,
    turns: `${tag}:turns`,
    batch: `${tag}:batch`,
    room: `${tag}:room`,
    rate: `${tag}:rate`,
    flow: `${tag}:flow`,
    snapshot: `${tag}:snapshot`,
  } as const;
};
export type LineKeys = ReturnType<typeof keysOf>;

export const roomsKey = (prefix: string): string => `{${prefix}}:rooms`;
export const networkKey = (prefix: string, network: string): string => `{${prefix}:net:${network}}`;
/** BullMQ's prefix; the hash tag keeps a queue's keys on one node. */
export const bullPrefix = (prefix: string): string => `{${prefix}}:bull`;
