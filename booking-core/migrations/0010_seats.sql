-- Numbered seats: who a seat is kept for, and how far it is from the stage.

-- access: a wheelchair space, or the seat beside one that is kept for its companion. Neither is given to a request that
-- does not ask for it. distance: rank from the stage, smaller is closer; seats that are equally good have the same rank.
alter table tickets
  add column access text check (access in ('wheelchair', 'companion')),
  add column distance integer not null default 0 check (distance >= 0),
  add check (access is null or section is not null);

-- As in 0004, and accessible seats are not among the candidates, nor in the counts.
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

-- As in 0007, and what is bought instead is accessible where the ticket of the hold was, and nowhere else.
create or replace function late_tickets(p_hold holds, p_now timestamptz) returns integer[] language plpgsql volatile as $$
begin
  if p_hold.expires_at = 'infinity' then return null; end if;
  if p_hold.quantity + (
    select coalesce(sum(h.quantity), 0) from holds h
    where h.event = p_hold.event and h.buyer = p_hold.buyer and h.expires_at > p_now
  ) > (select e.buyer_limit from events e where e.id = p_hold.event) then
    return null;
  end if;
  if not exists (select from tickets t where t.id = any (p_hold.tickets) and t.free_at > p_now) then
    return p_hold.tickets;
  end if;
  return (
    with wanted as (
      select t.tier, t.access, count(*) quantity from tickets t where t.id = any (p_hold.tickets)
      group by t.tier, t.access
    ),
    free as (
      select t.id, w.quantity,
        row_number() over (partition by t.tier, t.access order by t.id = any (p_hold.tickets) desc, t.id) nth
      from tickets t join wanted w on w.tier = t.tier and w.access is not distinct from t.access
      where t.event = p_hold.event and t.free_at <= p_now
    )
    select case when count(*) = p_hold.quantity then array_agg(f.id order by f.id) end
    from free f where f.nth <= f.quantity
  );
end $$;
