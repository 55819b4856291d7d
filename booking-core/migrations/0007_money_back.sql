-- What may become of money after it was asked for: the provider's own word about it (webhooks), a payment cancelled before
-- its hold lapses, money that came late, and money that goes back.

-- Until when a fan may give his whole order back (null: never), and when the operator ended the event (null: it is on).
alter table events add column cancel_until timestamptz, add column cancelled_at timestamptz;

alter table orders drop constraint orders_state_check;
alter table orders add constraint orders_state_check
  check (state in ('pending', 'paid', 'partlyRefunded', 'refunded', 'cancelled'));
drop index orders_one_paid_per_hold;
create unique index orders_one_paid_per_hold on orders (hold) where state in ('paid', 'partlyRefunded');
create index orders_with_tickets on orders (event, id) where state in ('paid', 'partlyRefunded');

alter table payments drop constraint payments_state_check;
alter table payments add constraint payments_state_check
  check (state in ('asked', 'kept', 'declined', 'cancelled', 'returned'));

-- Of a refund that was asked for under an Idempotency-Key: tells a repeat from another request.
alter table refunds add column print bytea;

-- Each event of a provider once, whatever it sends how often. Kept until settled, so that dying in between loses nothing.
-- No foreign key: a provider may speak of what is not ours.
create table webhook_events (
  provider text not null,
  event text not null,
  payment uuid not null,
  state text not null check (state in ('pending', 'captured', 'declined', 'cancelled')),
  received_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (provider, event)
);
create index webhook_events_to_settle on webhook_events (received_at) where settled_at is null;

-- The sandbox provider's books again: a charge that was cancelled, one that cannot be (firm), and what it is going to tell us.
alter table sandbox_charges drop constraint sandbox_charges_state_check;
alter table sandbox_charges add constraint sandbox_charges_state_check
  check (state in ('pending', 'captured', 'declined', 'cancelled'));
alter table sandbox_charges add column firm boolean not null default false;
create table sandbox_events (
  id uuid primary key default gen_random_uuid(),
  charge uuid not null references sandbox_charges,
  state text not null,
  deliver_at timestamptz not null,
  deliveries_left integer not null check (deliveries_left >= 0)
);
create index sandbox_events_to_deliver on sandbox_events (deliver_at) where deliveries_left > 0;

-- Which tickets money that came late buys: those of the hold when all are free, else as many others of the same tiers, own
-- ones first; null when they are too few, or too many for this buyer by now. Only under the event's lock.
create function late_tickets(p_hold holds, p_now timestamptz) returns integer[] language plpgsql volatile as $$
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
      select t.tier, count(*) quantity from tickets t where t.id = any (p_hold.tickets) group by t.tier
    ),
    free as (
      select t.id, w.quantity,
        row_number() over (partition by t.tier order by t.id = any (p_hold.tickets) desc, t.id) nth
      from tickets t join wanted w on w.tier = t.tier
      where t.event = p_hold.event and t.free_at <= p_now
    )
    select case when count(*) = p_hold.quantity then array_agg(f.id order by f.id) end
    from free f where f.nth <= f.quantity
  );
end $$;

-- As in 0005, with the whole ladder for money that came late: the same tickets, others of the same tiers, or back. Of an
-- event that was cancelled, money always goes back.
create or replace function settle_payment(p_payment uuid, p_alone boolean, p_refund uuid) returns text
  language plpgsql volatile set lock_timeout = '3s'
as $$
declare
  v_payment payments;
  v_order orders;
  v_hold holds;
  v_now timestamptz;
  v_cancelled boolean;
  v_on_time boolean;
  v_tickets integer[];
  v_rung text;
  v_why text;
  v_updated integer;
begin
  select o.* into strict v_order from payments p join orders o on o.id = p."order" where p.id = p_payment;
  if p_alone then
    perform lock_event(v_order.event);
  else
    perform pg_advisory_xact_lock_shared(1, hashtext(v_order.event));
  end if;
  select * into strict v_hold from holds h where h.id = v_order.hold for no key update;
  select * into strict v_payment from payments p where p.id = p_payment;
  if v_payment.state <> 'asked' then return v_payment.state; end if;

  select e.cancelled_at is not null into strict v_cancelled from events e where e.id = v_order.event;
  v_now := sale_clock();
  v_on_time := v_hold.expires_at > v_now and v_hold.expires_at < 'infinity' and not v_cancelled;
  if not v_on_time and not p_alone then return 'late'; end if;

  if v_on_time then
    v_tickets := v_hold.tickets;
  elsif v_cancelled then
    v_why := 'the event was cancelled before the payment came';
    -- The hold may still be live: its tickets go back with the money.
    update tickets t set free_at = v_now
      where t.id = any (v_hold.tickets) and t.hold = v_hold.id and t.free_at > v_now and t.free_at < 'infinity';
    update holds set expires_at = v_now, released = true
      where id = v_hold.id and expires_at > v_now and expires_at < 'infinity';
  else
    v_tickets := late_tickets(v_hold, v_now);
    v_rung := case when v_tickets is null then 'moneyBack' when v_tickets = v_hold.tickets then 'sameTickets'
      else 'equivalentTickets' end;
    v_why := case v_rung
      when 'sameTickets' then 'the payment came late, and the tickets were still free'
      when 'equivalentTickets' then 'the payment came late and its tickets were gone; others of the same tier were free'
      else 'the payment came after the hold ran out, and too few tickets of its tier were free, or too many for this buyer'
      end;
  end if;

  if v_tickets is not null then
    update tickets t set hold = v_hold.id, free_at = 'infinity'
      where t.id = any (v_tickets) and t.event = v_hold.event and t.free_at < 'infinity'
        and case when v_on_time then t.hold = v_hold.id and t.free_at > v_now else t.free_at <= v_now end;
    get diagnostics v_updated = row_count;
    perform require_whole(v_updated, v_hold.quantity);
    update holds set expires_at = 'infinity', released = false, tickets = v_tickets where id = v_hold.id;
    insert into order_lines ("order", ticket, price_minor)
      select v_order.id, t.id, i.price_minor
      from tickets t join tiers i on i.event = t.event and i.id = t.tier
      where t.id = any (v_tickets);
    update payments set state = 'kept', settled_at = now() where id = p_payment;
    update orders set state = 'paid', settled_at = now() where id = v_order.id;
    insert into audit (actor, action, subject, was, became, why)
      values ('buyer', 'order.paid', v_order.id::text, '{"state": "pending"}',
        jsonb_strip_nulls(jsonb_build_object('state', 'paid', 'rung', v_rung)), v_why);
    return 'kept';
  end if;

  update payments set state = 'returned', settled_at = now() where id = p_payment;
  update orders set state = 'refunded', settled_at = now() where id = v_order.id;
  insert into refunds (id, payment, amount_minor, why)
    values (p_refund, p_payment, v_payment.amount_minor, case when v_cancelled then 'eventCancelled' else 'late' end);
  insert into audit (actor, action, subject, was, became, why)
    values ('system', 'order.refunded', v_order.id::text, '{"state": "pending"}',
      jsonb_strip_nulls(jsonb_build_object('state', 'refunded', 'rung', v_rung)), v_why);
  return 'returned';
end $$;

drop function may_still_have(holds, timestamptz);

-- Takes tickets of a paid order back and writes down the money that goes back for them; the provider is asked afterwards.
-- Atomic; locks as everywhere: the event, the hold, tickets, the rest. The event's lock alone, since tickets become free.
--   p_tickets  some of its tickets, none twice; null: all it still has
--   p_refund   id of the refund, a function of the order and the Idempotency-Key: its own idempotency record
--   p_became   state of the order when none of its tickets is left: refunded or cancelled
-- Returns unknown, already (this refund was made before), mismatch (another request under this id), closed (the order has
-- no tickets), ticketUnknown (one of them is not this order's, or not any more), or refunded.
create function refund_order(
  p_order uuid, p_tickets integer[], p_refund uuid, p_print bytea, p_became text, p_actor text, p_why text, p_request text
) returns text language plpgsql volatile set lock_timeout = '3s'
as $$
declare
  v_order orders;
  v_hold holds;
  v_refund refunds;
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
  if v_order.state not in ('paid', 'partlyRefunded') then return 'closed'; end if;

  select array_agg(l.ticket), sum(l.price_minor) into v_lines, v_amount
    from order_lines l
    where l."order" = p_order and l.live and (p_tickets is null or l.ticket = any (p_tickets));
  if p_tickets is not null and cardinality(p_tickets) is distinct from cardinality(v_lines) then
    return 'ticketUnknown';
  end if;
  select array_agg(ticket order by ticket) into v_left from unnest(v_hold.tickets) ticket where ticket <> all (v_lines);
  v_state := case when v_left is null then p_became else 'partlyRefunded' end;

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

  update payments p set state = case when v_left is null then 'returned' else p.state end
    where p."order" = p_order and p.state = 'kept' returning p.id into strict v_payment;
  insert into refunds (id, payment, amount_minor, why, print) values (p_refund, v_payment, v_amount, p_why, p_print);
  update orders set state = v_state where id = p_order;
  insert into audit (actor, action, subject, was, became, why, request_id)
    values (p_actor, 'order.' || v_state, p_order::text, jsonb_build_object('state', v_order.state),
      jsonb_build_object('state', v_state, 'tickets', to_jsonb(v_lines), 'refundedMinor', v_amount), p_why, p_request);
  return 'refunded';
end $$;
