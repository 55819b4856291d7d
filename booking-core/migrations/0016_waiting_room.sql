-- The waiting room's own rows: schedule, order, lanes, the epoch of its line, and batches that are chained.

alter table rooms
  add column order_mode text not null default 'arrival' check (order_mode in ('arrival', 'draw')),
  add column opens_at timestamptz,
  add column ends_at timestamptz,
  add column priority_percent integer not null default 30,
  add column returning_percent integer not null default 20,
  add column identity text not null default 'session' check (identity in ('session', 'invitation')),
  add column when_away text not null default 'hold' check (when_away in ('hold', 'open')),
  add column message jsonb,
  -- Grows by one whenever Redis was lost; 0: no Redis has known the room.
  add column epoch integer not null default 0,
  -- Of the draw: 32 bytes, hex. Secret until the doors are open; its SHA-256 is public.
  add column seed text not null
    default encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'hex')
    check (seed ~ '^[0-9a-f]{64}$'),
  add constraint rooms_shares_leave_some
    check (priority_percent >= 0 and returning_percent >= 0 and priority_percent + returning_percent < 100),
  add constraint rooms_end_after_they_open check (ends_at > opens_at);

-- A batch's record says what was admitted, and the hash of the record before it: none can be changed, taken out or put in
-- between without breaking every later one. Records from before this have no hash.
alter table batches
  add column epoch integer not null default 0,
  add column first_order bigint,
  add column last_order bigint,
  add column lanes jsonb,
  -- SHA-256 of `place:turn:order:lane` of its places by order and place, a line each.
  add column places_hash bytea,
  add column previous_hash bytea,
  add column hash bytea;
alter table admissions
  add column lane text not null default 'general' check (lane in ('general', 'priority', 'returning')),
  -- Passed over before, and back: out of order, first.
  add column back boolean not null default false;

-- Who an operator took out of a line, for good; and whose turn he ended.
create table removals (
  event text not null references rooms,
  place text not null,
  actor text not null,
  why text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (event, place)
);
create table revocations (
  event text not null references rooms,
  place text not null,
  turn integer not null check (turn > 0),
  actor text not null,
  why text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (event, place, turn)
);

-- What the hash of a batch is of, in words anyone can write down again.
create function batch_hash(b batches) returns bytea language sql immutable as $$
  select sha256(convert_to(concat_ws(E'\n', b.event, b.epoch, b.batch, b.first_order, b.last_order,
    (b.lanes->>'general'), (b.lanes->>'priority'), (b.lanes->>'returning'), b.reason,
    (extract(epoch from b.taken_at) * 1000)::bigint, encode(b.places_hash, 'hex'), encode(b.previous_hash, 'hex')), 'UTF8'));
$$;

-- The next epoch, unless another worker began it already. No entry in the audit: it is the line's, not an operator's.
create function begin_epoch(p_event text, p_from integer) returns setof rooms language sql volatile as $$
  update rooms set epoch = epoch + 1, version = version + 1 where event = p_event and epoch = p_from;
  select * from rooms where event = p_event;
$$;
