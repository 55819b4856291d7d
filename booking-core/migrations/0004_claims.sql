-- Everything that gives a ticket to a hold or takes it away holds the event's lock: lock class 1, shared by all core
-- processes. Under it limits, idempotency and stock are sequential reasoning. It is taken once per batch, in a statement
-- of its own: a lock inside the judging statement would be newer than that statement's snapshot.

create function lock_event(p_event text) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(1, hashtext(p_event));
end $$;

-- Calls a batch off that would leave half a hold behind: some writer ignored the lock. As a serialization failure it is
-- run again and judged anew.
create function require_whole(p_updated bigint, p_judged bigint) returns boolean language plpgsql immutable as $$
begin
  if p_updated is distinct from p_judged then
    raise exception 'tickets changed under the event lock' using errcode = 'serialization_failure';
  end if;
  return true;
end $$;

-- Judges a batch of holds of one event and takes the tickets of those that pass, in one commit.
--   p_ids         uuidOf('hold', event, buyer, key); no id and no buyer twice in a batch, or limits would be summed too low
--   p_candidates  proposed tickets; hold i has p_quantities[i] of them from p_offsets[i] (0-based; null: none)
-- outcome: held; replay (this request was held before; state is its own), mismatch (another request with this id),
--   limit (the buyer has `had` tickets in live holds and orders), lost (not every candidate is free).
-- Judge first, update whole holds after: a CTE cannot undo its sibling, so updating before judging would strand the
-- other tickets of a hold that lost one.
-- Plans: lateral probes with LIMIT 1 and the settings below; a join here turned quadratic or walked a whole index.
create function claim_holds(
  p_event text, p_ids uuid[], p_buyers uuid[], p_places text[], p_turns integer[], p_quantities integer[],
  p_prints bytea[], p_offsets integer[], p_candidates integer[]
) returns table (
  n integer, outcome text, tickets integer[], expires_at timestamptz, released boolean, had integer,
  buyer_limit integer, judged_at timestamptz
) language plpgsql volatile
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off
  set enable_mergejoin = off set enable_material = off set jit = off set lock_timeout = '3s'
as $$
#variable_conflict use_column
declare
  v_limit integer;
  v_ttl interval;
  v_now timestamptz;
  v_until timestamptz;
begin
  perform lock_event(p_event);
  select e.buyer_limit, e.hold_ttl_ms * interval '1 millisecond' into strict v_limit, v_ttl
    from events e where e.id = p_event;
  -- After the wait for the lock: a clock read before it would sell what ran out meanwhile to nobody.
  v_now := sale_clock();
  v_until := v_now + v_ttl;
  return query
  with judged as materialized (
    select r.n::integer n, r.id, r.buyer, r.place, r.turn, r.quantity, r.print,
      s.tickets s_tickets, s.expires_at s_expires_at, s.released s_released, c.tickets, had.quantity had,
      case
        when s.id is not null then
          case when (s.print, s.buyer, s.event) = (r.print, r.buyer, p_event) then 'replay' else 'mismatch' end
        when had.quantity + r.quantity > v_limit then 'limit'
        when c.found < r.quantity then 'lost'
        else 'held'
      end outcome
    from unnest(p_ids, p_buyers, p_places, p_turns, p_quantities, p_prints, p_offsets)
      with ordinality r(id, buyer, place, turn, quantity, print, at, n)
    left join lateral (select h.* from holds h where h.id = r.id limit 1) s on true
    cross join lateral (
      select coalesce(sum(h.quantity), 0)::integer quantity from holds h
      where h.event = p_event and h.buyer = r.buyer and h.expires_at > v_now
    ) had
    cross join lateral (
      select count(*) found, array_agg(t.id) tickets
      from unnest(p_candidates[r.at + 1 : r.at + r.quantity]) candidate(id)
      cross join lateral (
        select k.id from tickets k
        where k.id = candidate.id and k.event = p_event and k.free_at <= v_now limit 1
      ) t
    ) c
  ),
  updated as (
    update tickets t set hold = w.id, free_at = v_until
    from (select j.id, unnest(j.tickets) ticket from judged j where j.outcome = 'held') w
    where t.id = w.ticket and t.free_at <= v_now
    returning 1
  ),
  inserted as (
    insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at, created_at)
    select j.id, p_event, j.buyer, j.place, j.turn, j.quantity, j.print, j.tickets, v_until, v_now
    from judged j where j.outcome = 'held'
  ),
  whole as materialized (
    select require_whole(
      (select count(*) from updated),
      (select coalesce(sum(j.quantity), 0) from judged j where j.outcome = 'held')
    ) ok
  )
  select j.n, j.outcome,
    case j.outcome when 'replay' then j.s_tickets when 'held' then j.tickets end,
    case j.outcome when 'replay' then j.s_expires_at when 'held' then v_until end,
    coalesce(j.s_released, false), j.had, v_limit, v_now
  from judged j where (select ok from whole);
end $$;

-- The same, with candidates that it finds itself under the lock: nobody can take them meanwhile, so `lost` is certain.
-- For holds whose proposed candidates were lost again and again. free, held, sold: the tier before this batch.
create function claim_certainly(
  p_event text, p_tier text, p_ids uuid[], p_buyers uuid[], p_places text[], p_turns integer[],
  p_quantities integer[], p_prints bytea[]
) returns table (
  n integer, outcome text, tickets integer[], expires_at timestamptz, released boolean, had integer,
  buyer_limit integer, judged_at timestamptz, free integer, held integer, sold integer
) language plpgsql volatile set jit = off set lock_timeout = '3s'
as $$
declare
  v_now timestamptz;
  v_free integer[];
  v_offsets integer[] := '{}';
  v_next integer := 0;
  v_quantity integer;
  v_total integer;
  v_sold integer;
begin
  perform lock_event(p_event);
  v_now := sale_clock();
  select array_agg(t.id order by t.id) filter (where t.free_at <= v_now),
      count(*) filter (where t.free_at = 'infinity'), count(*)
    into v_free, v_sold, v_total
    from tickets t where t.event = p_event and t.tier = p_tier;
  v_free := coalesce(v_free, '{}');
  foreach v_quantity in array p_quantities loop
    if v_next + v_quantity <= cardinality(v_free) then
      v_offsets := v_offsets || v_next;
      v_next := v_next + v_quantity;
    else
      v_offsets := v_offsets || null::integer;
    end if;
  end loop;
  return query
  select c.*, cardinality(v_free), v_total - v_sold - cardinality(v_free), v_sold
  from claim_holds(p_event, p_ids, p_buyers, p_places, p_turns, p_quantities, p_prints, v_offsets, v_free) c;
end $$;

-- Gives all the tickets of a hold back at once. Returns unknown (no such hold of that buyer and event), sold, over (ran
-- out or was released before: nothing to do), or released.
create function release_hold(p_hold uuid, p_event text, p_buyer uuid) returns text language plpgsql volatile
  set lock_timeout = '3s'
as $$
declare
  v_hold holds;
  v_now timestamptz;
  v_updated integer;
begin
  perform lock_event(p_event);
  select * into v_hold from holds h where h.id = p_hold and h.event = p_event and h.buyer = p_buyer
    for no key update;
  if not found then return 'unknown'; end if;
  v_now := sale_clock();
  if v_hold.expires_at = 'infinity' then return 'sold'; end if;
  if v_hold.expires_at <= v_now then return 'over'; end if;
  update tickets t set free_at = v_now
    where t.id = any (v_hold.tickets) and t.hold = v_hold.id and t.free_at > v_now;
  get diagnostics v_updated = row_count;
  perform require_whole(v_updated, v_hold.quantity);
  update holds set expires_at = v_now, released = true where id = v_hold.id;
  return 'released';
end $$;
