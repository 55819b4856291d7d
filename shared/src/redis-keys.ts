/**
 * Every Redis key, in one place. All keys of an event share the hash tag `{<prefix>:<event>}`, so that a script that
 * touches several of them runs on one node of a cluster. The clock of all scores and fields is Redis's own (`TIME`).
 *
 * | key          | type   | member or field → value                                             | bound                 | written by            |
 * |--------------|--------|---------------------------------------------------------------------|-----------------------|-----------------------|
 * | `:general`, `:priority`, `:returning` | zset | the lanes: place id → order (µs, strictly increasing; before a draw's doors open a keyed hash below 2^50) | one a waiting fan | join, restore, take, leave |
 * | `:away`      | hash   | places passed over, who keep their order: place id → `lane:order`   | one a fan passed over | take, join, seen, leave |
 * | `:back`      | zset   | those of `:away` who are back and go out first: place id → order     | one a fan passed over | join, seen, take, leave |
 * | `:seen`      | zset   | place id → when it was last seen, epoch ms; only near the front     | 4 × the front, and what joins and reports add within a tick | join, seen, restore, take (drops the oldest) |
 * | `:last`      | string | the last order number given                                         | one                   | join, restore         |
 * | `:life`      | hash   | `epoch`, `run` (the Redis that knows it), `healUntilMs`; gone or of another run: Redis was lost | one | revive |
 * | `:offers`    | zset   | place id → end of its claim window, epoch ms                        | capacity              | offer, claim, leave, take (drops the lapsed) |
 * | `:sessions`  | zset   | place id → end of its session, epoch ms                             | capacity              | claim, leave, take (drops the expired) |
 * | `:fresh`     | zset   | shoppers who have not taken tickets yet: place id → when it claimed, epoch ms | capacity    | claim, leave, `took`, take (drops the old) |
 * | `:turns`     | hash   | place id → `turn:offeredAtMs:claimByMs:stage` of its last admission, stage `offered`, `claimed` (with `:device:renewed` where there is something to say), or how it ended | one an admitted fan | offer, claim, leave |
 * | `:batch`     | hash   | the batch taken from the line and not yet recorded: place id → `lane:order:turn`, with `:back` when he had been passed over, and `:left` when he left since; `#` → `batch:epoch:atMs:reason` | ≤ limits.batchMaxPlaces + 1 | take; leave and join mark; offer deletes |
 * | `:room`      | string | copy of the room's row in Postgres, JSON (`Room` of http/internal.ts) | one                 | room (only a higher version replaces) |
 * | `:rate`      | hash   | `credit` (places, fraction), `atMs`, `batches` (counter), `seq` of the last look, a due share by lane, `left` (counter of who gave up), `noShows` (of offers that ran out), `memory` of the forecast (JSON, fixed size) | one | take, offer, look, leave, snapshot |
 * | `:flow`      | hash   | second modulo 64 → `second:general:priority:returning` admitted     | 64 fields             | offer                 |
 * | `:snapshot`  | string | what the gateways derive places from, JSON (`Snapshot` of snapshot.ts) | one, fixed size    | admission worker      |
 * | `:samples`   | hash   | sampled places behind the fronts: `text`, JSON (`Samples` of snapshot.ts); `seq`, `atMs`, `settled` of the look that took them; lane → first place and order, last place and order | one, fixed size | look; join drops it |
 * | `:fan:<kind>:<place>` | string | when the fan's next request of this kind would have been due, ms | expires by itself, in seconds | fan   |
 * | `…:rooms`    | set    | events that have a room here                                        | one a room            | admission worker      |
 * | `…:net:<network>` | hash | requests of one network in the last minute, by slot; all on one node, so that many are counted by one call | expires by itself | limit |
 * | `{<prefix>}:bull:…` | BullMQ | its own keys                                                     | BullMQ                | BullMQ                |
 */
export const keysOf = (prefix: string, eventId: string) => {
  const tag = `{${prefix}:${eventId}}`;
  return {
    general: `${tag}:general`,
    priority: `${tag}:priority`,
    returning: `${tag}:returning`,
    away: `${tag}:away`,
    back: `${tag}:back`,
    seen: `${tag}:seen`,
    life: `${tag}:life`,
    last: `${tag}:last`,
    offers: `${tag}:offers`,
    sessions: `${tag}:sessions`,
    turns: `${tag}:turns`,
    batch: `${tag}:batch`,
    room: `${tag}:room`,
    rate: `${tag}:rate`,
    flow: `${tag}:flow`,
    snapshot: `${tag}:snapshot`,
    fresh: `${tag}:fresh`,
    samples: `${tag}:samples`,
  } as const;
};
export type LineKeys = ReturnType<typeof keysOf>;

/** What of a fan's requests is bounded. */
export type FanRequest = 'join' | 'status' | 'claim' | 'booking';
export const fanKey = (prefix: string, eventId: string, kind: FanRequest, place: string): string =>
  `{${prefix}:${eventId}}:fan:${kind}:${place}`;

export const roomsKey = (prefix: string): string => `{${prefix}}:rooms`;
export const networkKey = (prefix: string, network: string): string => `{${prefix}:net}:${network}`;
/** BullMQ's prefix; the hash tag keeps a queue's keys on one node. */
export const bullPrefix = (prefix: string): string => `{${prefix}}:bull`;
