-- What becomes of a payment whose money was taken. Atomic: killed anywhere, either all of it is written or none, and then
-- the payment is still `asked` and is settled by the next who looks.
--
-- Locks in this order, everywhere: the event, the hold's row (the mutex of everything that pays for it), tickets, the rest.
-- On time the event's lock is shared: settlements go side by side, but no claim is judged meanwhile. Without it a claim
-- could see the hold as run out while this transaction, which began in time, has not committed yet, and give the same
-- buyer more than his limit.
--   p_alone   takes the event's lock alone; needed to judge money that came late, since that gives tickets to a hold
--   p_refund  id of the refund, should it come to that
-- Returns kept, returned, or late (not alone, and nothing was written: call again alone). A payment that is settled
-- already returns its state.
create function settle_payment(p_payment uuid, p_alone boolean, p_refund uuid) returns text
  language plpgsql volatile set lock_timeout = '3s'
as $$
declare
  v_payment payments;
  v_order orders;
  v_hold holds;
  v_now timestamptz;
  v_on_time boolean;
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

  v_now := sale_clock();
  v_on_time := v_hold.expires_at > v_now and v_hold.expires_at < 'infinity';
  if not v_on_time and not p_alone then return 'late'; end if;

  if v_on_time or may_still_have(v_hold, v_now) then
    update tickets t set free_at = 'infinity'
      where t.id = any (v_hold.tickets) and t.hold = v_hold.id and t.free_at < 'infinity'
        and (t.free_at > v_now) = v_on_time;
    get diagnostics v_updated = row_count;
    perform require_whole(v_updated, v_hold.quantity);
    update holds set expires_at = 'infinity', released = false where id = v_hold.id;
    insert into order_lines ("order", ticket, price_minor)
      select v_order.id, t.id, i.price_minor
      from tickets t join tiers i on i.event = t.event and i.id = t.tier
      where t.id = any (v_hold.tickets);
    update payments set state = 'kept', settled_at = now() where id = p_payment;
    update orders set state = 'paid', settled_at = now() where id = v_order.id;
    insert into audit (actor, action, subject, was, became, why)
      values ('buyer', 'order.paid', v_order.id::text, '{"state": "pending"}', '{"state": "paid"}',
        case when not v_on_time then 'the payment came late, and the tickets were still free' end);
    return 'kept';
  end if;

  update payments set state = 'returned', settled_at = now() where id = p_payment;
  update orders set state = 'refunded', settled_at = now() where id = v_order.id;
  insert into refunds (id, payment, amount_minor, why)
    values (p_refund, p_payment, v_payment.amount_minor, 'late');
  insert into audit (actor, action, subject, was, became, why)
    values ('system', 'order.refunded', v_order.id::text, '{"state": "pending"}', '{"state": "refunded"}',
      'the payment came after the hold ran out, and its tickets were gone or too many for this buyer');
  return 'returned';
end $$;

-- Whether a hold that is over may be bought after all: its tickets are free and nobody had them since, and with what the
-- buyer took meanwhile the limit is kept. Only under the event's lock.
create function may_still_have(p_hold holds, p_now timestamptz) returns boolean language sql volatile as $$
  select p_hold.expires_at < 'infinity'
    and p_hold.quantity = (
      select count(*) from tickets t
      where t.id = any (p_hold.tickets) and t.hold = p_hold.id and t.free_at <= p_now)
    and p_hold.quantity + (
      select coalesce(sum(h.quantity), 0) from holds h
      where h.event = p_hold.event and h.buyer = p_hold.buyer and h.expires_at > p_now
    ) <= (select e.buyer_limit from events e where e.id = p_hold.event);
$$;
