-- A batch is judged by exception and taken by sets: what nearly all holds have in common is asked once for all of them.
-- Measured in docs/decisions/0010-what-a-claim-costs.md.

-- As in 0021, with the same verdicts: judges a batch of holds of one event and takes the tickets of those that pass, in one
-- commit.
--   p_ids         uuidOf('hold', event, buyer, key); no id and no buyer twice in a batch, or limits would be summed too low
--   p_prints      one after the other, 16 bytes each
--   p_candidates  proposed tickets, none of them twice and none that is nobody's; hold i has p_quantities[i] of them from
--                 p_offsets[i] (0-based; null: none)
-- Returns one row with n = 0 for the batch (judged_ms, and expires_ms of the holds made), and one for each hold that was
-- not made: most are, and a row for each would cost more than judging it. Times are epoch ms; 'Infinity' is sold.
-- outcome: cancelled (the event is), revoked (the turn is over by an operator's word; nobody looks for it by hold while the
--   event has no revocations, as nearly all have none), replay (this request was held before: tickets, end and release are
--   that hold's), mismatch (another request with this id), limit (the buyer has `had` tickets in live holds and orders), lost
--   (not every candidate is free).
--
-- Nearly nobody held anything of the event before: one probe of all buyers finds the few who did.
--
-- Takes every candidate that is free and writes every hold that passes, as if all were free; and counts. Only when too few
-- were, the holds that came too short are looked for, and what they have is put back: a hold that lost costs itself and a
-- look at its batch, which is neither rolled back nor judged again. In between nobody sees it: all is one commit.
--
-- Plans do not depend on what is known of the tables: only index scans and hash joins are left, and of a
-- table each reads what an array names. A nested loop from a batch into tickets costs 4 µs a hold more.
create or replace function claim_holds(
  p_event text, p_ids uuid[], p_buyers uuid[], p_places text[], p_turns integer[], p_quantities integer[],
  p_prints bytea, p_offsets integer[], p_candidates integer[]
) returns table (
  n integer, outcome text, tickets integer[], expires_ms double precision, released boolean, had integer,
  buyer_limit integer, judged_ms double precision
) language plpgsql volatile set lock_timeout = '3s'
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set enable_nestloop = off
  set enable_mergejoin = off set enable_material = off set jit = off
as $$
#variable_conflict use_column
declare
  v_locked boolean;
  v_now timestamptz;
  v_until timestamptz;
  v_cancelled boolean;
  v_revoked boolean;
  -- As p_offsets, null for who was refused.
  v_offsets integer[] := p_offsets;
  v_wanted integer := cardinality(p_candidates);
  v_taken integer := 0;
  v_put_back integer;
  v_short uuid[] := '{}';
  v_theirs integer[] := '{}';
  v_row record;
begin
  v_locked := lock_event(p_event) is not null;
  -- After the wait for the lock: a clock read before it would sell what ran out meanwhile to nobody.
  select e.buyer_limit, e.cancelled_at is not null, exists (select from revocations v where v.event = p_event),
      clock.at, clock.at + e.hold_ttl_ms * interval '1 millisecond'
    into strict buyer_limit, v_cancelled, v_revoked, v_now, v_until
    from (select sale_clock() at) clock, events e where e.id = p_event;
  judged_ms := epoch_ms(v_now);

  for v_row in
    with asked as (
      select generate_subscripts(p_ids, 1) n, unnest(p_ids) id, unnest(p_buyers) buyer, unnest(p_quantities) quantity,
        unnest(p_offsets) at
    ),
    past as (
      select h.buyer, coalesce(sum(h.quantity) filter (where h.expires_at > v_now), 0)::integer quantity,
        array_agg(h) holds
      from holds h where h.buyer = any (p_buyers) and h.event = p_event group by h.buyer
    ),
    known as (
      select a.n, a.at, a.quantity, coalesce(p.quantity, 0) had,
        -- One probe serves limit and idempotency, since the hold of an id is among its buyer's.
        case when p.holds is not null then (select h from unnest(p.holds) h where h.id = a.id) end same
      from asked a left join past p on p.buyer = a.buyer
    ),
    judged as (
      select k.*, case
        when v_cancelled then 'cancelled'
        when v_revoked and exists (
          select from revocations v where v.event = p_event and v.place = p_places[k.n] and v.turn = p_turns[k.n]
        ) then 'revoked'
        when (k.same).id is not null then case when (k.same).print = print_at(p_prints, k.n) then 'replay' else 'mismatch' end
        when k.had + k.quantity > buyer_limit then 'limit'
        when k.at is null then 'lost'
        else 'held'
      end outcome
      -- Computed once, not wherever it is named.
      from (select * from known offset 0) k
    )
    select * from judged j where j.outcome <> 'held'
  loop
    if v_row.at is not null then
      v_wanted := v_wanted - v_row.quantity;
      v_offsets[v_row.n] := null;
    end if;
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
  end loop;

  if v_wanted > 0 then
    update tickets t set hold = taken.hold, free_at = v_until
      from (
        select asked.id hold, unnest(p_candidates[asked.at + 1 : asked.at + asked.quantity]) ticket
        from (select unnest(p_ids) id, unnest(p_quantities) quantity, unnest(v_offsets) at) asked
        where asked.at is not null
      ) taken
      -- `is true` keeps the planner from reading all tickets of the event by their index.
      where t.id = any (p_candidates) and t.id = taken.ticket and (t.event = p_event) is true and t.free_at <= v_now;
    get diagnostics v_taken = row_count;
    insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at, created_at)
      select asked.id, p_event, asked.buyer, asked.place, asked.turn, asked.quantity, print_at(p_prints, asked.n),
        p_candidates[asked.at + 1 : asked.at + asked.quantity], v_until, v_now
      from (
        select generate_subscripts(p_ids, 1) n, unnest(p_ids) id, unnest(p_buyers) buyer, unnest(p_places) place,
          unnest(p_turns) turn, unnest(p_quantities) quantity, unnest(v_offsets) at
      ) asked
      where asked.at is not null;
  end if;

  if v_taken < v_wanted then
    for v_row in
      with asked as (
        select r.n, r.id, r.buyer, r.quantity, p_candidates[r.at + 1 : r.at + r.quantity] tickets
        from (
          select generate_subscripts(p_ids, 1) n, unnest(p_ids) id, unnest(p_buyers) buyer,
            unnest(p_quantities) quantity, unnest(v_offsets) at
        ) r
        where r.at is not null
      ),
      got as (
        select t.hold, count(*) quantity from tickets t
        where t.id = any (p_candidates) and t.free_at = v_until group by t.hold
      )
      select a.n, a.id, a.quantity, a.tickets, (
        select coalesce(sum(h.quantity), 0) from holds h
        where h.buyer = a.buyer and h.event = p_event and h.expires_at > v_now and h.id <> a.id
      ) had
      from asked a left join got g on g.hold = a.id
      where a.quantity > coalesce(g.quantity, 0)
    loop
      v_wanted := v_wanted - v_row.quantity;
      v_short := v_short || v_row.id;
      v_theirs := v_theirs || v_row.tickets;
      n := v_row.n;
      outcome := 'lost';
      tickets := null;
      expires_ms := null;
      released := false;
      had := v_row.had;
      return next;
    end loop;
    delete from holds h where h.id = any (v_short);
    update tickets t set hold = null, free_at = v_now
      where t.id = any (v_theirs) and t.hold = any (v_short) and t.free_at = v_until;
    get diagnostics v_put_back = row_count;
    v_taken := v_taken - v_put_back;
  end if;
  perform require_whole(v_taken, v_wanted);

  n := 0;
  outcome := 'batch';
  tickets := null;
  expires_ms := epoch_ms(v_until);
  released := false;
  had := 0;
  return next;
end $$;

-- As in 0010, and gives claim_holds the candidates that it set aside instead of all that are free.
create or replace function claim_certainly(
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
    from tickets t where t.event = p_event and t.tier = p_tier and t.access is null;
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
    select * from claim_holds(
      p_event, p_ids, p_buyers, p_places, p_turns, p_quantities, p_prints, v_offsets, v_free[1 : v_next])
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

-- One hold alone, as most are while an event is not hot, costs what its statements cost to begin. So what is plain is taken by
-- three of them, and everything else is judged as a batch of one.
--   p_tickets  proposed tickets, as many as p_quantity, or none
create or replace function claim_hold(
  p_event text, p_id uuid, p_buyer uuid, p_place text, p_turn integer, p_quantity integer, p_print bytea,
  p_tickets integer[],
  out outcome text, out tickets integer[], out expires_ms double precision, out released boolean, out had integer,
  out buyer_limit integer, out judged_ms double precision
) language plpgsql volatile set lock_timeout = '3s'
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
as $$
#variable_conflict use_column
declare
  v_locked boolean;
  v_plain boolean;
  v_now timestamptz;
  v_until timestamptz;
  v_taken integer;
begin
  v_locked := lock_event(p_event) is not null;
  select e.buyer_limit, clock.at, clock.at + e.hold_ttl_ms * interval '1 millisecond',
      e.cancelled_at is null and p_quantity <= e.buyer_limit and p_quantity = cardinality(p_tickets)
        and not exists (select from holds h where h.buyer = p_buyer and h.event = p_event)
        and not exists (select from revocations v where v.event = p_event and v.place = p_place and v.turn = p_turn),
      epoch_ms(clock.at)
    into strict buyer_limit, v_now, v_until, v_plain, judged_ms
    from (select sale_clock() at) clock, events e where e.id = p_event;
  if not v_plain then
    select case c.n when 0 then 'held' else c.outcome end, c.tickets, c.expires_ms, c.released, c.had, c.judged_ms
      into strict outcome, tickets, expires_ms, released, had, judged_ms
      from claim_holds(p_event, array[p_id], array[p_buyer], array[p_place], array[p_turn], array[p_quantity], p_print,
        array[case when p_tickets <> '{}' then 0 end], p_tickets) c
      order by c.n desc limit 1;
    return;
  end if;

  released := false;
  had := 0;
  update tickets t set hold = p_id, free_at = v_until
    where t.id = any (p_tickets) and (t.event = p_event) is true and t.free_at <= v_now;
  get diagnostics v_taken = row_count;
  if v_taken < p_quantity then
    outcome := 'lost';
    if v_taken > 0 then
      update tickets t set hold = null, free_at = v_now where t.id = any (p_tickets) and t.hold = p_id;
    end if;
    return;
  end if;
  insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at, created_at)
    values (p_id, p_event, p_buyer, p_place, p_turn, p_quantity, p_print, p_tickets, v_until, v_now);
  outcome := 'held';
  expires_ms := epoch_ms(v_until);
end $$;

-- Looked at when one of these columns is written, which no claim does; a check of the table would be read, planned and run
-- by every update of a ticket.
create function refuse_half_seat() returns trigger language plpgsql as $$
begin
  raise exception 'ticket % has a part of a seat', new.id using errcode = 'check_violation';
end $$;
alter table tickets drop constraint tickets_seated;
create trigger tickets_seated after insert or update of section, "row", seat, access on tickets for each row
  when (not (
    (new.section is null) = (new."row" is null) and (new.section is null) = (new.seat is null)
    and (new.access is null or new.section is not null)))
  execute function refuse_half_seat();
