-- Invitations; what settles a line's order; and an export of who was let in that hides nothing from its hashes.

-- Since when fans may have joined: the first moment the doors were not shut. What decides the order of a line is settled
-- from then on. Redis alone knows who did join, and Redis can be lost, so that they may have is what counts.
alter table rooms add column joinable_since timestamptz;
update rooms set joinable_since = clock_timestamp()
  where open or epoch > 0 or exists (select from batches b where b.event = rooms.event);

create function note_first_opening() returns trigger language plpgsql as $$
begin
  if new.open and new.joinable_since is null then new.joinable_since := sale_clock(); end if;
  return new;
end $$;
create trigger rooms_first_opening before insert or update of open on rooms
  for each row execute function note_first_opening();

create table invitations (
  id text primary key check (id ~ '^[0-9a-f]{20}$'),
  event text not null references rooms,
  label text,
  lane text not null check (lane in ('priority', 'general')),
  -- Whom it is for, in the operators' words; and who he is in a room for invited fans, with the place he has there.
  subject text,
  buyer uuid not null,
  place text not null,
  uses_max integer not null check (uses_max > 0),
  uses integer not null default 0 check (uses <= uses_max),
  expires_at timestamptz,
  -- Of the request that made it: its id is a function of event, key and number, so the same key asks for the same.
  print bytea not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);
create index invitations_of_event on invitations (event, created_at desc, id);

-- Which places came with an invitation. The primary key counts a place once.
create table invitation_uses (
  invitation text not null references invitations,
  event text not null,
  place text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (invitation, place)
);
create index invitation_uses_of_place on invitation_uses (event, place);

-- A place comes with an invitation. Who has used it comes again, whatever became of it since: a reload is no second use.
create function redeem_invitation(p_event text, p_invitation text, p_place text, p_buyer uuid)
  returns table (outcome text, place text, buyer uuid, lane text)
  language plpgsql volatile set lock_timeout = '3s'
as $$
#variable_conflict use_column
declare
  v_of_invitation boolean;
  v invitations;
begin
  select r.identity = 'invitation' into v_of_invitation from rooms r where r.event = p_event;
  -- The row is locked before its uses are counted: of two places that come at once, the second sees the first.
  select i.* into v from invitations i where i.id = p_invitation and i.event = p_event for no key update;
  if not found then
    return query select 'invalid', p_place, p_buyer, 'general';
    return;
  end if;
  if v_of_invitation then
    p_place := v.place;
    p_buyer := v.buyer;
  end if;

  if exists (select from invitation_uses u where u.invitation = v.id and u.place = p_place) then
    return query select 'already', p_place, p_buyer, v.lane;
  elsif v.revoked_at is not null or v.expires_at <= sale_clock() then
    return query select 'over', p_place, p_buyer, v.lane;
  elsif v.uses >= v.uses_max then
    return query select 'spent', p_place, p_buyer, v.lane;
  else
    update invitations i set uses = i.uses + 1 where i.id = v.id;
    insert into invitation_uses (invitation, event, place) values (v.id, p_event, p_place);
    return query select 'new', p_place, p_buyer, v.lane;
  end if;
end $$;

alter table admissions
  -- When a place of the priority lane first came with an invitation: who waited elsewhere before that keeps his order.
  add column invited_at timestamptz;

-- What a batch's hash says of one of its places: `place:turn:order:lane`, with `:back` and `:invited=<ms>` where they are so.
create function admitted_line(a admissions) returns text language sql immutable as $$
  select concat_ws(':', a.place, a.turn, a.order_number, a.lane, case when a.back then 'back' end,
    'invited=' || (extract(epoch from a.invited_at) * 1000)::bigint);
$$;

drop function record_batch(text, bigint, text, timestamptz, text[], integer[], bigint[]);

-- As in 0006, and chained: the lock (class 2) also makes the record before it the last one, and the hash is of all that is
-- known of a place.
create function record_batch(
  p_event text, p_batch bigint, p_epoch integer, p_reason text, p_taken_at timestamptz,
  p_places text[], p_turns integer[], p_orders bigint[], p_lanes text[], p_back boolean[]
) returns table (place text, turn integer, is_new boolean) language plpgsql volatile set lock_timeout = '3s'
as $$
#variable_conflict use_column
declare
  v_new admissions[];
  v_batch batches;
begin
  perform pg_advisory_xact_lock(2, hashtext(p_event));
  select coalesce(array_agg(row(p_event, g.place, g.turn, g.order_number, null, g.lane, g.back,
      case when g.lane = 'priority' then
        date_trunc('milliseconds',
          (select min(u.at) from invitation_uses u where u.event = p_event and u.place = g.place)) end
    )::admissions), '{}') into v_new
    from unnest(p_places, p_turns, p_orders, p_lanes, p_back) g(place, turn, order_number, lane, back)
    where not exists (
      select from admissions a where a.event = p_event and a.place = g.place and a.turn = g.turn);

  if cardinality(v_new) > 0 then
    v_batch.event := p_event;
    v_batch.batch := p_batch;
    v_batch.epoch := p_epoch;
    v_batch.reason := p_reason;
    v_batch.taken_at := p_taken_at;
    select count(*), min(a.order_number), max(a.order_number),
        jsonb_build_object('general', count(*) filter (where a.lane = 'general'),
          'priority', count(*) filter (where a.lane = 'priority'),
          'returning', count(*) filter (where a.lane = 'returning')),
        sha256(convert_to(string_agg(admitted_line(a), E'\n' order by a.order_number, a.place collate "C"), 'UTF8'))
      into v_batch.places, v_batch.first_order, v_batch.last_order, v_batch.lanes, v_batch.places_hash
      from unnest(v_new) a;
    v_batch.previous_hash := coalesce(
      (select b.hash from batches b where b.event = p_event order by b.id desc limit 1), '');
    v_batch.hash := batch_hash(v_batch);
    insert into batches (event, batch, epoch, reason, taken_at, places, first_order, last_order, lanes, places_hash,
        previous_hash, hash)
      values (v_batch.event, v_batch.batch, v_batch.epoch, v_batch.reason, v_batch.taken_at, v_batch.places,
        v_batch.first_order, v_batch.last_order, v_batch.lanes, v_batch.places_hash, v_batch.previous_hash, v_batch.hash)
      returning id into v_batch.id;
    insert into admissions (event, place, turn, order_number, batch_id, lane, back, invited_at)
      select a.event, a.place, a.turn, a.order_number, v_batch.id, a.lane, a.back, a.invited_at from unnest(v_new) a;
    -- Who was removed while the line was away, or had not heard of it, was let in for a turn that is over already.
    insert into revocations (event, place, turn, actor, why)
      select a.event, a.place, a.turn, m.actor, m.why
      from unnest(v_new) a join removals m on m.event = a.event and m.place = a.place
      on conflict do nothing;
  end if;

  return query
    select g.place, g.turn, (g.place, g.turn) in (select a.place, a.turn from unnest(v_new) a)
    from unnest(p_places, p_turns) with ordinality g(place, turn, n) order by g.n;
end $$;
