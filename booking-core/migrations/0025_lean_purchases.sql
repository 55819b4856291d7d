-- Of what an order and its payment cost Postgres, four tenths was planning: each statement anew, and those of settle_payment
-- too, for which a plan made for these arguments is always the cheaper one by a hair. Here each is planned once per connection, for whatever arguments; without
-- scans, since a table that was empty when the plan was made is not, an hour later. Measured in
-- docs/decisions/0026-what-a-purchase-costs.md.

alter function ask_payment(uuid, uuid, bytea, text, text, text, text)
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off;
alter function settle_payment(uuid, boolean, uuid)
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off;

-- An order and the hold it stands on, of one moment.
create type order_facts as (
  id uuid, event text, hold uuid, state text, face_minor integer, fees_minor integer, tax_minor integer,
  total_minor integer, refunded_minor integer, currency text, print bytea, device text, tickets integer[],
  expires_at timestamptz, paying boolean, cancel_until timestamptz, now timestamptz
);

-- No row: there is none.
create function find_order(p_order uuid) returns setof order_facts language plpgsql volatile
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
as $$
begin
  return query select o.id, o.event, o.hold, o.state, o.face_minor, o.fees_minor, o.tax_minor, o.total_minor,
      coalesce((
        select sum(r.amount_minor) from refunds r join payments p on p.id = r.payment where p."order" = o.id
      ), 0)::integer,
      o.currency, o.print, o.device, h.tickets, h.expires_at,
      exists (select from payments p where p."order" = o.id and p.state = 'asked'),
      e.cancel_until, sale_clock()
    from orders o join holds h on h.id = o.hold join events e on e.id = o.event
    where o.id = p_order;
end $$;

-- Begins to buy a hold: judged live, and the total summed, at the same moment. Nothing is written when it is not, or when the
-- order is there. Returns the order; no row when there is none.
create function create_order(
  p_id uuid, p_event text, p_buyer uuid, p_hold uuid, p_name text, p_email text, p_print bytea, p_device text
) returns setof order_facts language plpgsql volatile
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
as $$
begin
  with made as (
    insert into orders (id, event, buyer, hold, state, face_minor, fees_minor, tax_minor, total_minor, currency,
      buyer_name, buyer_email, print, device)
    select p_id, h.event, h.buyer, h.id, 'pending', cost.face, cost.fees, cost.tax, cost.total, e.currency,
      p_name, p_email, p_print, p_device
    from holds h join events e on e.id = h.event
      cross join lateral (
        select sum(c.price_minor) face, sum(c.fee_minor) fees, sum(c.tax_minor) tax, sum(c.total_minor) total
        from tickets t join tiers i on i.event = t.event and i.id = t.tier
          cross join lateral ticket_cost(i.price_minor, i.fee_minor, i.tax_basis_points, i.tax_included) c
        where t.id = any (h.tickets)
      ) cost
    where h.id = p_hold and h.event = p_event and h.buyer = p_buyer
      and h.expires_at > sale_clock() and h.expires_at < 'infinity' and e.cancelled_at is null
    on conflict (id) do nothing
    returning id
  )
  insert into audit (actor, action, subject, became)
  select 'buyer', 'order.created', id::text, '{"state": "pending"}' from made;
  return query select * from find_order(p_id);
end $$;

-- As in 0011; its plan is kept.
create or replace function write_mail(p_kind text, p_news uuid, p_order uuid, p_facts jsonb) returns void
  language plpgsql as $$
begin
  insert into mails (id, kind, recipient, "order", facts, next_at)
    select mail_id(p_kind, p_news::text), p_kind, o.buyer_email, o.id, p_facts, sale_clock()
    from orders o where o.id = p_order
    on conflict do nothing;
end $$;

-- As in 0011, without a query.
create or replace function mail_id(p_kind text, p_news text) returns uuid
  language plpgsql immutable parallel safe as $$
declare
  v_hash bytea := substring(sha256(convert_to('mail ' || p_kind || ' ' || p_news, 'UTF8')) from 1 for 16);
begin
  v_hash := set_byte(v_hash, 6, (get_byte(v_hash, 6) & 15) | 128);
  v_hash := set_byte(v_hash, 8, (get_byte(v_hash, 8) & 63) | 128);
  return encode(v_hash, 'hex')::uuid;
end $$;
