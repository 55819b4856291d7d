-- A revoked turn takes nothing any more, whatever the gateway noticed: neither a hold nor what comes after one.

-- Of the browser that ordered: who pays comes from there.
alter table orders add column device text;

-- Whoever writes a revocation down, all of this happens with it. First the event's lock: a claim that runs now is seen by
-- what follows, and one that comes later sees the revocation.
create function before_revocation() returns trigger language plpgsql set lock_timeout = '3s' as $$
begin
  perform lock_event(new.event);
  return new;
end $$;

-- Live holds of the turn go back on sale. They are found by the tickets that are held now, of which there are never many.
create function after_revocation() returns trigger language plpgsql set lock_timeout = '3s' as $$
begin
  perform release_hold(h.id, h.event, h.buyer)
    from holds h
    where h.place = new.place and h.turn = new.turn and h.event = new.event and h.id in (
      select t.hold from tickets t
      where t.event = new.event and t.free_at > sale_clock() and t.free_at < 'infinity' and t.hold is not null);
  return null;
end $$;
create trigger revocation_under_lock before insert on revocations for each row execute function before_revocation();
create trigger revocation_releases after insert on revocations for each row execute function after_revocation();

-- Claims in two forms that give the same verdicts: of many holds at once, and of one alone.

-- As in 0004: judges a batch of holds of one event and takes the tickets of those that pass, in one commit.
--   p_ids         uuidOf('hold', event, buyer, key); no id and no buyer twice in a batch, or limits would be summed too low
--   p_prints      one after the other, 16 bytes each
--   p_candidates  proposed tickets, none of them twice; hold i has p_quantities[i] of them from p_offsets[i] (0-based;
--                 null: none)
-- Returns one row with n = 0 for the batch (judged_ms, and expires_ms of the holds made), and one for each hold that was
-- not made: most are, and a row for each would cost more than judging it. Times are epoch ms; 'Infinity' is sold.
-- outcome: revoked (the turn is over by an operator's word; nobody looks for it by hold while the event has no revocations, as
--   nearly all have none), replay (this request was held before: tickets, end and release are that hold's), mismatch
--   (another request with this id), limit (the buyer has `had` tickets in live holds and orders), lost (not every candidate
--   is free).
--
-- Takes every candidate that is free and writes every hold that passes, as if all were free; and counts. Only when too few
-- were, the holds that came too short are looked for, and what they have is put back as it was: a hold that lost costs itself
-- and a look at its batch, which is neither rolled back nor judged again. In between nobody sees it: all is one commit.
--
-- Plans: lateral probes and the settings below; a join here turned quadratic or walked a whole index. One probe serves
-- limit and idempotency, since the hold of an id is among its buyer's.
create or replace function claim_holds(
  p_event text, p_ids uuid[], p_buyers uuid[], p_places text[], p_turns integer[], p_quantities integer[],
  p_prints bytea, p_offsets integer[], p_candidates integer[]
) returns table (
  n integer, outcome text, tickets integer[], expires_ms double precision, released boolean, had integer,
  buyer_limit integer, judged_ms double precision
) language plpgsql volatile set lock_timeout = '3s'
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off
  set enable_mergejoin = off set enable_material = off set jit = off
as $$
#variable_conflict use_column
declare
  v_now timestamptz;
  v_until timestamptz;
  v_taken integer[];
  v_held_before uuid[];
  v_wanted bigint;
  -- Not made for another reason than a candidate.
  v_refused bigint[] := '{}';
  v_put_back bigint := 0;
  v_revoked boolean;
  v_row record;
begin
  perform lock_event(p_event);
  v_revoked := exists (select from revocations v where v.event = p_event);
  -- After the wait for the lock: a clock read before it would sell what ran out meanwhile to nobody.
  select e.buyer_limit, clock.at, clock.at + e.hold_ttl_ms * interval '1 millisecond'
    into strict buyer_limit, v_now, v_until
    from (select sale_clock() at) clock, events e where e.id = p_event;
  judged_ms := epoch_ms(v_now);

  for v_row in
    with judged as materialized (
      select r.n, r.id, r.buyer, r.place, r.turn, r.quantity, print_at(p_prints, r.n) print, had.same, had.quantity had,
        p_candidates[r.at + 1 : r.at + r.quantity] tickets,
        case
          when v_revoked and exists (
            select from revocations v where v.event = p_event and v.place = r.place and v.turn = r.turn
          ) then 'revoked'
          when (had.same).id is not null then
            case when (had.same).print = print_at(p_prints, r.n) then 'replay' else 'mismatch' end
          when had.quantity + r.quantity > buyer_limit then 'limit'
          when r.at is null then 'lost'
          else 'held'
        end outcome
      from unnest(p_ids, p_buyers, p_places, p_turns, p_quantities, p_offsets)
        with ordinality r(id, buyer, place, turn, quantity, at, n)
      cross join lateral (
        select coalesce(sum(h.quantity) filter (where h.expires_at > v_now), 0)::integer quantity,
          (array_agg(h) filter (where h.id = r.id))[1] same
        from holds h where h.buyer = r.buyer and h.event = p_event
      ) had
    ),
    updated as (
      update tickets t set hold = w.id, free_at = v_until
      from (select j.id, unnest(j.tickets) ticket from judged j where j.outcome = 'held') w
      where t.id = w.ticket and t.event = p_event and t.free_at <= v_now
      returning t.id, old.hold held_before
    ),
    inserted as (
      insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at, created_at)
      select j.id, p_event, j.buyer, j.place, j.turn, j.quantity, j.print, j.tickets, v_until, v_now
      from judged j where j.outcome = 'held'
    )
    select 0 n, null::text outcome, null::holds same, 0 had, array_agg(u.id) taken, array_agg(u.held_before) held_before,
      (select coalesce(sum(j.quantity), 0) from judged j where j.outcome = 'held') wanted
    from updated u
    union all
    select j.n, j.outcome, j.same, j.had, null, null, 0 from judged j where j.outcome <> 'held'
  loop
    if v_row.n = 0 then
      v_taken := v_row.taken;
      v_held_before := v_row.held_before;
      v_wanted := v_row.wanted;
    else
      v_refused := v_refused || v_row.n;
      n := v_row.n;
      outcome := v_row.outcome;
      had := v_row.had;
      if outcome = 'replay' then
        tickets := (v_row.same).tickets;
        expires_ms := epoch_ms((v_row.same).expires_at);
        released := (v_row.same).released;
      else
        tickets := null;
        expires_ms := null;
        released := false;
      end if;
      return next;
    end if;
  end loop;

  if coalesce(cardinality(v_taken), 0) < v_wanted then
    for v_row in
      with short as materialized (
        select r.n, r.id, r.buyer, r.quantity, p_candidates[r.at + 1 : r.at + r.quantity] tickets
        from unnest(p_ids, p_buyers, p_quantities, p_offsets) with ordinality r(id, buyer, quantity, at, n)
        where r.n <> all (v_refused) and exists (
          select from unnest(p_candidates[r.at + 1 : r.at + r.quantity]) candidate(id)
          where not exists (
            select from tickets t where t.id = candidate.id and t.hold = r.id and t.free_at = v_until))
      ),
      unmade as (
        delete from holds h using short s where h.id = s.id
      ),
      put_back as (
        update tickets t set hold = v_held_before[array_position(v_taken, t.id)], free_at = v_now
        from (select s.id, unnest(s.tickets) ticket from short s) w
        where t.id = w.ticket and t.hold = w.id and t.free_at = v_until
        returning 1
      )
      select s.n, s.quantity, (
        select coalesce(sum(h.quantity), 0) from holds h
        where h.buyer = s.buyer and h.event = p_event and h.expires_at > v_now and h.id <> s.id
      ) had, (select count(*) from put_back) put_back
      from short s
    loop
      v_wanted := v_wanted - v_row.quantity;
      v_put_back := v_row.put_back;
      n := v_row.n;
      outcome := 'lost';
      tickets := null;
      expires_ms := null;
      released := false;
      had := v_row.had;
      return next;
    end loop;
    v_wanted := v_wanted + v_put_back;
  end if;
  perform require_whole(coalesce(cardinality(v_taken), 0), v_wanted);

  n := 0;
  outcome := 'batch';
  tickets := null;
  expires_ms := epoch_ms(v_until);
  released := false;
  had := 0;
  return next;
end $$;

-- The same of one hold alone, as most are while an event is not hot: nothing is unnested, and nothing is planned for many.
--   p_tickets  proposed tickets, as many as p_quantity, or none
create function claim_hold(
  p_event text, p_id uuid, p_buyer uuid, p_place text, p_turn integer, p_quantity integer, p_print bytea,
  p_tickets integer[],
  out outcome text, out tickets integer[], out expires_ms double precision, out released boolean, out had integer,
  out buyer_limit integer, out judged_ms double precision
) language plpgsql volatile set lock_timeout = '3s'
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
as $$
#variable_conflict use_column
declare
  v_past record;
  v_same holds;
  v_until timestamptz;
  v_taken integer;
begin
  perform lock_event(p_event);
  select e.buyer_limit, clock.at now, clock.at + e.hold_ttl_ms * interval '1 millisecond' until, past.quantity, past.same
    into strict v_past
    from (select sale_clock() at) clock, events e, lateral (
      select coalesce(sum(h.quantity) filter (where h.expires_at > clock.at), 0)::integer quantity,
        (array_agg(h) filter (where h.id = p_id))[1] same
      from holds h where h.buyer = p_buyer and h.event = p_event
    ) past
    where e.id = p_event;
  buyer_limit := v_past.buyer_limit;
  had := v_past.quantity;
  judged_ms := epoch_ms(v_past.now);
  v_same := v_past.same;
  v_until := v_past.until;
  released := false;
  if exists (select from revocations v where v.event = p_event and v.place = p_place and v.turn = p_turn) then
    outcome := 'revoked';
    return;
  end if;
  if v_same.id is not null then
    outcome := 'mismatch';
    if v_same.print = p_print then
      outcome := 'replay';
      tickets := v_same.tickets;
      expires_ms := epoch_ms(v_same.expires_at);
      released := v_same.released;
    end if;
    return;
  end if;
  if had + p_quantity > buyer_limit then
    outcome := 'limit';
    return;
  end if;

  outcome := 'lost';
  update tickets t set hold = p_id, free_at = v_until
    where t.id = any (p_tickets) and t.event = p_event and t.free_at <= v_past.now and p_quantity = (
      select count(*) from tickets f where f.id = any (p_tickets) and f.event = p_event and f.free_at <= v_past.now);
  get diagnostics v_taken = row_count;
  if v_taken = 0 then return; end if;
  perform require_whole(v_taken, p_quantity);
  insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at, created_at)
    values (p_id, p_event, p_buyer, p_place, p_turn, p_quantity, p_print, p_tickets, v_until, v_past.now);
  outcome := 'held';
  expires_ms := epoch_ms(v_until);
end $$;

drop function take_candidates(
  text, uuid[], uuid[], text[], integer[], integer[], bytea, integer[], integer[], integer, timestamptz, timestamptz, boolean
);
