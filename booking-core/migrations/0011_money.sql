-- What a ticket costs besides its price, and the mails that tell buyers what became of their orders.

-- A fee for each ticket, and the tax on price and fee together: added to them, or contained in them.
alter table tiers
  add column fee_minor integer not null default 0 check (fee_minor >= 0),
  add column tax_basis_points integer not null default 0 check (tax_basis_points between 0 and 10000),
  add column tax_included boolean not null default false;

-- What one ticket costs, said here alone: orders, lines, refunds and the pages all ask this. Integers only; the tax of each
-- ticket is rounded half up, so that an order is the sum of its tickets and giving one back gives back what it cost.
create function ticket_cost(p_price integer, p_fee integer, p_basis_points integer, p_included boolean)
  returns table (price_minor integer, fee_minor integer, tax_minor integer, total_minor integer)
  language sql immutable parallel safe
as $$
  select p_price, p_fee, t.tax::integer, (p_price + p_fee + case when p_included then 0 else t.tax end)::integer
  from (
    -- n / d rounded half up is (2n + d) / 2d in whole numbers; contained tax is the part of d = 10000 + rate.
    select (2 * n.of_all + n.d) / (2 * n.d) tax
    from (
      select (p_price + p_fee)::bigint * p_basis_points of_all,
        (10000 + case when p_included then p_basis_points else 0 end)::bigint d
    ) n
  ) t;
$$;

-- What was agreed when the order was begun. Orders from before had no fees and no tax.
alter table orders
  add column face_minor integer check (face_minor >= 0),
  add column fees_minor integer not null default 0 check (fees_minor >= 0),
  add column tax_minor integer not null default 0 check (tax_minor >= 0);
update orders set face_minor = total_minor;
alter table orders alter column face_minor set not null;
alter table orders add constraint orders_total_is_its_parts
  check (total_minor between face_minor + fees_minor and face_minor + fees_minor + tax_minor);

alter table order_lines
  add column fee_minor integer not null default 0 check (fee_minor >= 0),
  add column tax_minor integer not null default 0 check (tax_minor >= 0),
  add column total_minor integer check (total_minor >= 0);
update order_lines set total_minor = price_minor;
alter table order_lines alter column total_minor set not null;
alter table order_lines add constraint order_lines_total_is_its_parts
  check (total_minor in (price_minor + fee_minor, price_minor + fee_minor + tax_minor));

-- Orders found again by their buyer's address, whatever way he writes it.
create index orders_of_address on orders (lower(buyer_email), created_at);

-- The outbox. A mail is written in the transaction that makes its news and sent afterwards, at least once. Its id is a
-- function of the news, so news told twice is one mail.
--   order    null: order links, which are looked up when the mail is sent
--   next_at  when it may be sent (again), by sale_clock(); a worker that takes it moves this on first, so that no row is locked
--            while a mail server is talked to, and a mail whose worker died is taken by another
--   state    sent: a server has taken it; givenUp: tried as often as is reasonable; empty: there was nothing to say
create table mails (
  id uuid primary key,
  kind text not null check (kind in (
    'orderPaid', 'otherTickets', 'moneyBack', 'refunded', 'cancelled', 'eventCancelled', 'orderLinks')),
  recipient text not null,
  "order" uuid references orders,
  facts jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'givenUp', 'empty')),
  attempts integer not null default 0 check (attempts >= 0),
  next_at timestamptz not null,
  last_error text,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  check ((state = 'waiting') = (settled_at is null)),
  check (("order" is null) = (kind = 'orderLinks'))
);
create index mails_waiting on mails (next_at) where state = 'waiting';
create index mails_of_order on mails ("order");
create index mails_of_links on mails (created_at) where kind = 'orderLinks';

-- A UUID (version 8) that is a function of kind and news.
create function mail_id(p_kind text, p_news text) returns uuid language sql immutable parallel safe as $$
  select encode(set_byte(set_byte(h.b, 6, (get_byte(h.b, 6) & 15) | 128), 8, (get_byte(h.b, 8) & 63) | 128), 'hex')::uuid
  from (select substring(sha256(convert_to('mail ' || p_kind || ' ' || p_news, 'UTF8')) from 1 for 16) b) h;
$$;

-- Tells the buyer of an order: in the transaction of the news, once for each.
--   p_news  what makes it the same news: the order, or the refund
create function write_mail(p_kind text, p_news uuid, p_order uuid, p_facts jsonb) returns void
  language sql volatile
as $$
  insert into mails (id, kind, recipient, "order", facts, next_at)
    select mail_id(p_kind, p_news::text), p_kind, o.buyer_email, o.id, p_facts, sale_clock()
    from orders o where o.id = p_order
    on conflict do nothing;
$$;

-- Somebody wants the links of his orders. The same work whether there are any or not: that is looked up when the mail is sent.
-- One mail for each address and span.
create function ask_order_links(p_email text, p_span_ms integer) returns void language sql volatile as $$
  insert into mails (id, kind, recipient, facts, next_at)
    select mail_id('orderLinks', lower(p_email) || ' ' || floor(epoch_ms(now.at) / p_span_ms)), 'orderLinks', p_email, '{}',
      now.at
    from (select sale_clock() at) now
    on conflict do nothing;
$$;

-- As in 0007: the ladder for money that came late is the same tickets, others of the same tiers (which cost the same), or
-- back; of an event that was cancelled, money always goes back. New: lines have fee and tax, and the buyer is told.
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
    insert into order_lines ("order", ticket, price_minor, fee_minor, tax_minor, total_minor)
      select v_order.id, t.id, cost.price_minor, cost.fee_minor, cost.tax_minor, cost.total_minor
      from tickets t join tiers i on i.event = t.event and i.id = t.tier
        cross join lateral ticket_cost(i.price_minor, i.fee_minor, i.tax_basis_points, i.tax_included) cost
      where t.id = any (v_tickets);
    update payments set state = 'kept', settled_at = now() where id = p_payment;
    update orders set state = 'paid', settled_at = now() where id = v_order.id;
    insert into audit (actor, action, subject, was, became, why)
      values ('buyer', 'order.paid', v_order.id::text, '{"state": "pending"}',
        jsonb_strip_nulls(jsonb_build_object('state', 'paid', 'rung', v_rung)), v_why);
    perform write_mail(case v_rung when 'equivalentTickets' then 'otherTickets' else 'orderPaid' end, v_order.id,
      v_order.id, '{}');
    return 'kept';
  end if;

  update payments set state = 'returned', settled_at = now() where id = p_payment;
  update orders set state = 'refunded', settled_at = now() where id = v_order.id;
  insert into refunds (id, payment, amount_minor, why)
    values (p_refund, p_payment, v_payment.amount_minor, case when v_cancelled then 'eventCancelled' else 'late' end);
  insert into audit (actor, action, subject, was, became, why)
    values ('system', 'order.refunded', v_order.id::text, '{"state": "pending"}',
      jsonb_strip_nulls(jsonb_build_object('state', 'refunded', 'rung', v_rung)), v_why);
  perform write_mail('moneyBack', p_refund, v_order.id, jsonb_build_object(
    'amountMinor', v_payment.amount_minor, 'why', case when v_cancelled then 'eventCancelled' else 'late' end));
  return 'returned';
end $$;
