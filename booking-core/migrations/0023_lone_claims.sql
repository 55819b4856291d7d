-- One hold alone, as most are while an event is not hot, costs what its statements cost to begin: what follows takes begins
-- away. Measured in docs/decisions/0010-what-a-claim-costs.md.

-- As in 0015. Expressions, but for the refusal: each `perform` begins a query of its own.
create or replace function lock_event(p_event text) returns void language plpgsql as $$
declare
  v_locked boolean;
begin
  if current_setting('transaction_isolation') <> 'read committed' then perform require_read_committed(); end if;
  v_locked := pg_advisory_xact_lock(1, hashtext(p_event)) is not null;
end $$;

-- As in 0004, but stable: extract of a timestamptz is no more than that, and what says that it is immutable is not inlined.
create or replace function epoch_ms(p_at timestamptz) returns double precision language sql stable as $$
  select floor(extract(epoch from p_at)::double precision * 1000);
$$;

-- What a column may hold is said by its type: that is looked at when the column is written. A check of the table is read,
-- planned and run by every update of a ticket, and a claim writes none of these.
create domain access_need as text check (value in ('wheelchair', 'companion'));
create domain seat_number as integer check (value > 0);
create domain stage_distance as integer check (value >= 0);
alter table tickets
  drop constraint tickets_access_check,
  drop constraint tickets_seat_check,
  drop constraint tickets_distance_check,
  drop constraint tickets_check,
  drop constraint tickets_check1,
  alter access type access_need,
  alter seat type seat_number,
  alter distance type stage_distance,
  add constraint tickets_seated check (
    (section is null) = ("row" is null) and (section is null) = (seat is null)
    and (access is null or section is not null));

-- As in 0021, with the same verdicts: judged by one read, and nothing is taken before it said that all are free. Nobody
-- changes that meanwhile: whoever gives or takes tickets has the event's lock.
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
  v_now timestamptz;
  v_until timestamptz;
  v_taken integer;
begin
  v_locked := lock_event(p_event) is not null;
  select judged.outcome, case judged.outcome when 'replay' then (past.same).tickets end,
      epoch_ms(case judged.outcome when 'held' then sale.until when 'replay' then (past.same).expires_at end),
      judged.outcome = 'replay' and (past.same).released, past.quantity, sale.buyer_limit, epoch_ms(sale.now),
      sale.now, sale.until
    into strict outcome, tickets, expires_ms, released, had, buyer_limit, judged_ms, v_now, v_until
    from (
      select e.buyer_limit, e.cancelled_at, clock.at now, clock.at + e.hold_ttl_ms * interval '1 millisecond' until
      from (select sale_clock() at) clock, events e where e.id = p_event
    ) sale
    cross join lateral (
      select coalesce(sum(h.quantity) filter (where h.expires_at > sale.now), 0)::integer quantity,
        (array_agg(h) filter (where h.id = p_id))[1] same
      from holds h where h.buyer = p_buyer and h.event = p_event
    ) past
    cross join lateral (
      select case
        when sale.cancelled_at is not null then 'cancelled'
        when exists (
          select from revocations v where v.event = p_event and v.place = p_place and v.turn = p_turn
        ) then 'revoked'
        when (past.same).id is not null then case when (past.same).print = p_print then 'replay' else 'mismatch' end
        when past.quantity + p_quantity > sale.buyer_limit then 'limit'
        when p_quantity <> (
          select count(*) from tickets t where t.id = any (p_tickets) and t.event = p_event and t.free_at <= sale.now
        ) then 'lost'
        else 'held'
      end outcome
      -- Computed once, not wherever it is named.
      offset 0
    ) judged;
  if outcome <> 'held' then return; end if;

  update tickets t set hold = p_id, free_at = v_until
    where t.id = any (p_tickets) and t.event = p_event and t.free_at <= v_now;
  get diagnostics v_taken = row_count;
  if v_taken <> p_quantity then perform require_whole(v_taken, p_quantity); end if;
  insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at, created_at)
    values (p_id, p_event, p_buyer, p_place, p_turn, p_quantity, p_print, p_tickets, v_until, v_now);
end $$;
