-- Everything that gives a ticket to a hold or takes it away holds the event's lock: lock class 1, shared by all core
-- processes. Under it limits, idempotency and stock are sequential reasoning. It is taken once per batch, in a statement
-- of its own: a lock inside the judging statement would be newer than that statement's snapshot.

create function lock_event(p_event text) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(1, hashtext(p_event));
end $$;

create function epoch_ms(p_at timestamptz) returns double precision language sql immutable as $$
  select floor(extract(epoch from p_at)::double precision * 1000);
$$;

create function print_at(p_prints bytea, p_n bigint) returns bytea language sql immutable as $$
  select substring(p_prints from (p_n::integer - 1) * 16 + 1 for 16);
$$;

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
--   p_prints      one after the other, 16 bytes each
--   p_candidates  proposed tickets, none of them twice; hold i has p_quantities[i] of them from p_offsets[i] (0-based;
--                 null: none)
-- Returns one row with n = 0 for the batch (judged_ms, and expires_ms of the holds made), and one for each hold that was
-- not made: most are, and a row for each would cost more than judging it. Times are epoch ms; 'Infinity' is sold.
-- outcome: replay (this request was held before: tickets, end and release are that hold's), mismatch (another request
--   with this id), limit (the buyer has `had` tickets in live holds and orders), lost (not every candidate is free).
--
-- First as if every candidate were free: take them all, and count. Only when some are not, all of it is rolled back and
-- the batch is judged candidate by candidate. A CTE cannot undo its sibling: without the roll-back, or the judging, a hold
-- that lost one ticket would strand its others.
create function claim_holds(
  p_event text, p_ids uuid[], p_buyers uuid[], p_places text[], p_turns integer[], p_quantities integer[],
  p_prints bytea, p_offsets integer[], p_candidates integer[]
) returns table (
  n integer, outcome text, tickets integer[], expires_ms double precision, released boolean, had integer,
  buyer_limit integer, judged_ms double precision
) language plpgsql volatile set lock_timeout = '3s'
as $$
declare
  v_limit integer;
  v_ttl interval;
  v_now timestamptz;
begin
  perform lock_event(p_event);
  select e.buyer_limit, e.hold_ttl_ms * interval '1 millisecond' into strict v_limit, v_ttl
    from events e where e.id = p_event;
  -- After the wait for the lock: a clock read before it would sell what ran out meanwhile to nobody.
  v_now := sale_clock();
  begin
    return query select * from take_candidates(p_event, p_ids, p_buyers, p_places, p_turns, p_quantities, p_prints,
      p_offsets, p_candidates, v_limit, v_now, v_now + v_ttl, false);
  exception when serialization_failure then
    return query select * from take_candidates(p_event, p_ids, p_buyers, p_places, p_turns, p_quantities, p_prints,
      p_offsets, p_candidates, v_limit, v_now, v_now + v_ttl, true);
  end;
end $$;

-- Only under the event's lock. Plans: lateral probes and the settings below; a join here turned quadratic or walked a whole
-- index. One probe serves limit and idempotency, since the hold of an id is among its buyer's.
--   p_doubtful  look at each candidate before any is taken
create function take_candidates(
  p_event text, p_ids uuid[], p_buyers uuid[], p_places text[], p_turns integer[], p_quantities integer[],
  p_prints bytea, p_offsets integer[], p_candidates integer[], p_limit integer, p_now timestamptz,
  p_until timestamptz, p_doubtful boolean
) returns table (
  n integer, outcome text, tickets integer[], expires_ms double precision, released boolean, had integer,
  buyer_limit integer, judged_ms double precision
) language plpgsql volatile
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off
  set enable_mergejoin = off set enable_material = off set jit = off
as $$
#variable_conflict use_column
begin
  return query
  with judged as materialized (
    select r.n::integer n, r.id, r.buyer, r.place, r.turn, r.quantity, print_at(p_prints, r.n) print, had.same, had.quantity had,
      p_candidates[r.at + 1 : r.at + r.quantity] tickets,
      case
        when (had.same).id is not null then
          case when (had.same).print = print_at(p_prints, r.n) then 'replay' else 'mismatch' end
        when had.quantity + r.quantity > p_limit then 'limit'
        when r.at is null then 'lost'
        when p_doubtful and exists (
          select from unnest(p_candidates[r.at + 1 : r.at + r.quantity]) candidate(id)
          where not exists (
            select from tickets k where k.id = candidate.id and k.event = p_event and k.free_at <= p_now)
        ) then 'lost'
        else 'held'
      end outcome
    from unnest(p_ids, p_buyers, p_places, p_turns, p_quantities, p_offsets)
      with ordinality r(id, buyer, place, turn, quantity, at, n)
    cross join lateral (
      select coalesce(sum(h.quantity) filter (where h.expires_at > p_now), 0)::integer quantity,
        (array_agg(h) filter (where h.id = r.id))[1] same
      from holds h where h.buyer = r.buyer and h.event = p_event
    ) had
  ),
  updated as (
    update tickets t set hold = w.id, free_at = p_until
    from (select j.id, unnest(j.tickets) ticket from judged j where j.outcome = 'held') w
    where t.id = w.ticket and t.event = p_event and t.free_at <= p_now
    returning 1
  ),
  inserted as (
    insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at, created_at)
    select j.id, p_event, j.buyer, j.place, j.turn, j.quantity, j.print, j.tickets, p_until, p_now
    from judged j where j.outcome = 'held'
  ),
  whole as materialized (
    select require_whole(
      (select count(*) from updated),
      (select coalesce(sum(j.quantity), 0) from judged j where j.outcome = 'held')
    ) ok
  )
  select 0, 'batch', null::integer[], epoch_ms(p_until), false, 0, p_limit, epoch_ms(p_now)
  where (select ok from whole)
  union all
  select j.n, j.outcome, case j.outcome when 'replay' then (j.same).tickets end,
    case j.outcome when 'replay' then epoch_ms((j.same).expires_at) end,
    j.outcome = 'replay' and (j.same).released, j.had, p_limit, epoch_ms(p_now)
  from judged j where j.outcome <> 'held';
end $$;

-- The same, with candidates that it finds itself under the lock: nobody can take them meanwhile, so `lost` is certain.
-- For holds whose proposed candidates were lost again and again. Here every hold has its row, with outcome held and its
-- tickets too. free_before, held_before, sold_before: the tier before this batch.
create function claim_certainly(
  p_event text, p_tier text, p_ids uuid[], p_buyers uuid[], p_places text[], p_turns integer[],
  p_quantities integer[], p_prints bytea
) returns table (
  n integer, outcome text, tickets integer[], expires_ms double precision, released boolean, had integer,
  buyer_limit integer, judged_ms double precision, free_before integer, held_before integer, sold_before integer
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
  with claimed as materialized (
    select * from claim_holds(p_event, p_ids, p_buyers, p_places, p_turns, p_quantities, p_prints, v_offsets, v_free)
  )
  select asked.n::integer, coalesce(c.outcome, 'held'),
    case when c.n is null then v_free[v_offsets[asked.n] + 1 : v_offsets[asked.n] + p_quantities[asked.n]]
      else c.tickets end,
    case when c.n is null then batch.expires_ms else c.expires_ms end, coalesce(c.released, false),
    coalesce(c.had, 0), batch.buyer_limit, batch.judged_ms,
    cardinality(v_free), v_total - v_sold - cardinality(v_free), v_sold
  from generate_subscripts(p_ids, 1) asked(n)
  join claimed batch on batch.n = 0
  left join claimed c on c.n = asked.n
  order by asked.n;
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
