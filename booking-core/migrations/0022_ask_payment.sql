-- Writes down that a payment is going to be asked for, before it is: whatever dies after this, the money can be found. One
-- statement instead of six on the way of every sold ticket, and no lock waits for a client any more.
--
-- The hold's row is locked meanwhile, so that two orders of one hold, or two keys of one order, are never paid at once. What
-- may be paid is read by the statement after that lock, by a clock read after it.
--   p_taker, p_rehearsal_taker  the providers that new payments of sales and of rehearsals are made with; a repeat finds its
--                               payment whoever has it
-- Returns one row: outcome, and with `asked` (now, or before by the same id) the payment.
-- outcome: asked; orderUnknown; mismatch (another request with this id); methodNotOffered (not of the provider that takes it);
--   orderClosed (paid, given back or cancelled); eventCancelled; inFlight (another payment of these tickets is being worked
--   on); holdExpired.
create function ask_payment(
  p_id uuid, p_order uuid, p_print bytea, p_method text, p_provider text, p_taker text, p_rehearsal_taker text
) returns table (outcome text, amount_minor integer, currency text, method text, reference text, provider text, state text)
language plpgsql volatile set lock_timeout = '3s'
as $$
#variable_conflict use_column
declare
  v_order orders;
  v_hold holds;
  v_event events;
  v_found payments;
begin
  perform require_read_committed();
  perform from holds h join orders o on o.hold = h.id where o.id = p_order for no key update of h;
  if not found then
    outcome := 'orderUnknown';
    return next;
    return;
  end if;

  select * into strict v_order from orders o where o.id = p_order;
  select * into v_found from payments p where p.id = p_id;
  if found then
    outcome := case when v_found.print = p_print then 'asked' else 'mismatch' end;
    return query select outcome, v_found.amount_minor, v_order.currency, v_found.method, v_found.reference, v_found.provider,
      v_found.state;
    return;
  end if;

  select * into strict v_hold from holds h where h.id = v_order.hold;
  select * into strict v_event from events e where e.id = v_order.event;
  outcome := case
    when p_provider <> case when v_event.rehearsal then p_rehearsal_taker else p_taker end then 'methodNotOffered'
    when v_order.state <> 'pending' or v_hold.expires_at = 'infinity' then 'orderClosed'
    when v_event.cancelled_at is not null then 'eventCancelled'
    when exists (
      select from payments p join orders other on other.id = p."order"
      where other.hold = v_order.hold and p.state = 'asked'
    ) then 'inFlight'
    when v_hold.expires_at <= sale_clock() then 'holdExpired'
    else 'asked'
  end;
  if outcome = 'asked' then
    insert into payments (id, "order", provider, method, amount_minor, state, print)
      values (p_id, p_order, p_provider, p_method, v_order.total_minor, 'asked', p_print);
  end if;
  return query select outcome, v_order.total_minor, v_order.currency, p_method, null::text, p_provider, 'asked'::text;
end $$;
