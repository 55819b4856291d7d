-- What operators do for fans by hand: give tickets away, take them back, end a hold.

-- A comp is an order of total 0 that is paid by nobody. It stands on a hold like every order, of turn 0, which no fan has, and
-- of a buyer of its own, so that no fan's limit counts it.

-- Comps, or some of their tickets, taken back: the id is a function of the order and the Idempotency-Key, as a refund's.
create table comp_returns (
  id uuid primary key,
  "order" uuid not null references orders,
  tickets integer[] not null,
  print bytea not null,
  at timestamptz not null
);
create index comp_returns_of_order on comp_returns ("order");

-- Orders that had a ticket and gave it back; those that have it are found by the unique index.
create index order_lines_given_back on order_lines (ticket) where not live;

-- Gives tickets away: p_quantity free ones of the tier, none of them kept for somebody, or p_tickets, where all are meant.
--   p_order  uuidOf('comp', actor, event, key): the same again changes nothing
-- Returns given or replay (with the tickets), mismatch, cancelled (the event is), or few (with as many as are free). Under the
-- event's lock, as everything that takes a ticket or gives it back.
create function give_comp(
  p_event text, p_order uuid, p_hold uuid, p_buyer uuid, p_print bytea, p_tier text, p_quantity integer,
  p_tickets integer[], p_name text, p_email text, p_actor text, p_why text, p_request text
) returns table (outcome text, tickets integer[]) language plpgsql volatile set lock_timeout = '3s'
as $$
#variable_conflict use_column
declare
  v_event events;
  v_earlier bytea;
  v_now timestamptz;
  v_found integer[];
  v_updated integer;
begin
  perform lock_event(p_event);
  select o.print into v_earlier from orders o where o.id = p_order;
  if found then
    return query select case when v_earlier = p_print then 'replay' else 'mismatch' end, (
      select array_agg(l.ticket order by l.ticket) from order_lines l where l."order" = p_order);
    return;
  end if;
  select * into strict v_event from events e where e.id = p_event;
  if v_event.cancelled_at is not null then return query select 'cancelled', null::integer[]; return; end if;
  v_now := sale_clock();
  select coalesce(array_agg(chosen.id order by chosen.id), '{}') into v_found from (
    select t.id from tickets t
    where t.event = p_event and t.free_at <= v_now
      and case when p_tickets is null then t.tier = p_tier and t.access is null else t.id = any (p_tickets) end
    order by t.id limit p_quantity
  ) chosen;
  if cardinality(v_found) < p_quantity then return query select 'few', v_found; return; end if;

  insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at, created_at)
    values (p_hold, p_event, p_buyer, 'comp', 0, p_quantity, p_print, v_found, 'infinity', v_now);
  update tickets t set hold = p_hold, free_at = 'infinity' where t.id = any (v_found) and t.free_at <= v_now;
  get diagnostics v_updated = row_count;
  perform require_whole(v_updated, p_quantity);
  insert into orders (id, event, buyer, hold, state, total_minor, face_minor, currency, buyer_name, buyer_email, print,
      settled_at)
    values (p_order, p_event, p_buyer, p_hold, 'paid', 0, 0, v_event.currency, p_name, p_email, p_print, now());
  insert into order_lines ("order", ticket, price_minor, total_minor)
    select p_order, ticket, 0, 0 from unnest(v_found) ticket;
  insert into audit (actor, action, subject, became, why, request_id)
    values (p_actor, 'order.paid', p_order::text,
      jsonb_build_object('state', 'paid', 'comp', true, 'tickets', to_jsonb(v_found)), p_why, p_request);
  perform write_mail('orderPaid', p_order, p_order, '{}');
  return query select 'given', v_found;
end $$;

-- Ends a fan's hold for him, as release_hold does, with who and why. Returns what that returns, and the hold's event.
create function release_hold_by_hand(p_hold uuid, p_actor text, p_why text, p_request text)
  returns table (outcome text, event text) language plpgsql volatile set lock_timeout = '3s'
as $$
#variable_conflict use_column
declare
  v_hold holds;
  v_outcome text;
begin
  -- Whose it is never changes; all else is judged under the lock.
  select * into v_hold from holds h where h.id = p_hold;
  if not found then return query select 'unknown', null::text; return; end if;
  v_outcome := release_hold(p_hold, v_hold.event, v_hold.buyer);
  if v_outcome = 'released' then
    insert into audit (actor, action, subject, was, became, why, request_id)
      values (p_actor, 'hold.released', p_hold::text, '{"state": "held"}',
        jsonb_build_object('state', 'released', 'event', v_hold.event, 'tickets', to_jsonb(v_hold.tickets)), p_why, p_request);
  end if;
  return query select v_outcome, v_hold.event;
end $$;

-- As in 0008, and seats that are kept for somebody are blocked only when they are named.
create or replace function move_stock(
  p_event text, p_id uuid, p_print bytea, p_move text, p_tier text, p_quantity integer, p_tickets integer[],
  p_actor text, p_why text, p_request_id text
) returns table (outcome text, tickets integer[]) language plpgsql volatile set lock_timeout = '3s'
as $$
#variable_conflict use_column
declare
  v_earlier stock_moves;
  v_now timestamptz;
  v_found integer[];
  v_updated integer;
begin
  perform lock_event(p_event);
  select * into v_earlier from stock_moves m where m.id = p_id;
  if found then
    return query select case when v_earlier.print = p_print then 'replay' else 'mismatch' end, v_earlier.tickets;
    return;
  end if;
  v_now := sale_clock();
  select coalesce(array_agg(chosen.id order by chosen.id), '{}') into v_found from (
    select t.id from tickets t
    where t.event = p_event and (p_tier is null or t.tier = p_tier) and (p_tickets is null or t.id = any (p_tickets))
      and (p_move = 'unblock' or p_tickets is not null or t.access is null)
      and case p_move when 'block' then t.free_at <= v_now else t.free_at = 'infinity' and t.hold is null end
    order by t.id limit p_quantity
  ) chosen;
  if cardinality(v_found) < p_quantity then return query select 'few', v_found; return; end if;

  update tickets t set hold = null, free_at = case p_move when 'block' then 'infinity' else v_now end
    where t.id = any (v_found);
  get diagnostics v_updated = row_count;
  perform require_whole(v_updated, p_quantity);
  insert into stock_moves (id, event, move, tickets, print, at)
    values (p_id, p_event, p_move, v_found, p_print, v_now);
  insert into audit (actor, action, subject, became, why, request_id)
    values (p_actor, 'stock.' || p_move || 'ed', p_event, jsonb_build_object('tickets', v_found), p_why, p_request_id);
  return query select 'moved', v_found;
end $$;

-- As in 0011, and of a comp no money goes back, since none came: its record is in comp_returns, and with its last ticket it
-- is cancelled, whatever is asked.
-- Takes tickets of a paid order back and writes down the money that goes back for them; the provider is asked afterwards.
-- Atomic; locks as everywhere: the event, the hold, tickets, the rest. The event's lock alone, since tickets become free.
--   p_tickets  some of its tickets, none twice; null: all it still has
--   p_refund   id of the refund, a function of the order and the Idempotency-Key: its own idempotency record
--   p_became   state of the order when none of its tickets is left: refunded or cancelled
-- Returns unknown, already (this refund was made before), mismatch (another request under this id), closed (the order has
-- no tickets), ticketUnknown (one of them is not this order's, or not any more), or refunded.
create or replace function refund_order(
  p_order uuid, p_tickets integer[], p_refund uuid, p_print bytea, p_became text, p_actor text, p_why text, p_request text
) returns text language plpgsql volatile set lock_timeout = '3s'
as $$
declare
  v_order orders;
  v_hold holds;
  v_refund refunds;
  v_return comp_returns;
  v_comp boolean;
  v_payment uuid;
  v_lines integer[];
  v_amount integer;
  v_left integer[];
  v_state text;
  v_now timestamptz;
  v_updated integer;
begin
  select * into v_order from orders o where o.id = p_order;
  if not found then return 'unknown'; end if;
  perform lock_event(v_order.event);
  select * into strict v_hold from holds h where h.id = v_order.hold for no key update;
  select * into strict v_order from orders o where o.id = p_order;
  select * into v_refund from refunds r where r.id = p_refund;
  if found then return case when v_refund.print = p_print then 'already' else 'mismatch' end; end if;
  select * into v_return from comp_returns r where r.id = p_refund;
  if found then return case when v_return.print = p_print then 'already' else 'mismatch' end; end if;
  if v_order.state not in ('paid', 'partlyRefunded') then return 'closed'; end if;

  select array_agg(l.ticket), sum(l.total_minor) into v_lines, v_amount
    from order_lines l
    where l."order" = p_order and l.live and (p_tickets is null or l.ticket = any (p_tickets));
  if p_tickets is not null and cardinality(p_tickets) is distinct from cardinality(v_lines) then
    return 'ticketUnknown';
  end if;
  select array_agg(ticket order by ticket) into v_left from unnest(v_hold.tickets) ticket where ticket <> all (v_lines);
  v_comp := v_hold.turn = 0;
  v_state := case when v_left is not null then 'partlyRefunded' when v_comp then 'cancelled' else p_became end;

  v_now := sale_clock();
  update order_lines l set live = false where l."order" = p_order and l.ticket = any (v_lines);
  update tickets t set free_at = v_now
    where t.id = any (v_lines) and t.hold = v_hold.id and t.free_at = 'infinity';
  get diagnostics v_updated = row_count;
  perform require_whole(v_updated, cardinality(v_lines));
  if v_left is null then
    update holds set expires_at = v_now, released = true where id = v_hold.id;
  else
    update holds set tickets = v_left, quantity = cardinality(v_left) where id = v_hold.id;
  end if;

  if v_comp then
    insert into comp_returns (id, "order", tickets, print, at) values (p_refund, p_order, v_lines, p_print, v_now);
  else
    update payments p set state = case when v_left is null then 'returned' else p.state end
      where p."order" = p_order and p.state = 'kept' returning p.id into strict v_payment;
    insert into refunds (id, payment, amount_minor, why, print) values (p_refund, v_payment, v_amount, p_why, p_print);
  end if;
  update orders set state = v_state where id = p_order;
  insert into audit (actor, action, subject, was, became, why, request_id)
    values (p_actor, 'order.' || v_state, p_order::text, jsonb_build_object('state', v_order.state),
      jsonb_build_object('state', v_state, 'tickets', to_jsonb(v_lines), 'refundedMinor', v_amount), p_why, p_request);
  perform write_mail(
    case when p_became = 'refunded' then 'refunded'
      when exists (select from events e where e.id = v_order.event and e.cancelled_at is not null) then 'eventCancelled'
      else 'cancelled' end,
    p_refund, p_order,
    jsonb_build_object('amountMinor', v_amount, 'tickets', cardinality(v_lines), 'left', coalesce(cardinality(v_left), 0)));
  return 'refunded';
end $$;
