-- What operators do with tickets and holds by hand, and what fans may do to a hold they have.

-- A ticket that was given back and sold again is on another order, so it is let in for that one anew.
create table check_ins (
  "order" uuid not null,
  ticket integer not null,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  primary key ("order", ticket),
  foreign key ("order", ticket) references order_lines ("order", ticket)
);

-- Lets a ticket in. The primary key decides among any number of scans; the line is locked against being given back
-- meanwhile. Returns entered, already (at is then when), or invalid (no live line of that order and event).
create function check_in(p_event text, p_order uuid, p_ticket integer, p_actor text, p_request_id text)
  returns table (outcome text, at timestamptz) language plpgsql volatile set lock_timeout = '3s'
as $$
#variable_conflict use_column
declare
  v_at timestamptz;
begin
  perform from order_lines l join orders o on o.id = l."order"
    where l."order" = p_order and l.ticket = p_ticket and l.live and o.event = p_event
    for share of l;
  if not found then return query select 'invalid', null::timestamptz; return; end if;
  insert into check_ins ("order", ticket, actor) values (p_order, p_ticket, p_actor)
    on conflict do nothing returning check_ins.at into v_at;
  if not found then
    -- A statement of its own: the row of a scan that committed while this one waited is newer than the insert's snapshot.
    return query select 'already', c.at from check_ins c where c."order" = p_order and c.ticket = p_ticket;
    return;
  end if;
  insert into audit (actor, action, subject, became, request_id)
    values (p_actor, 'ticket.checkedIn', p_order::text || '/' || p_ticket,
      jsonb_build_object('checkedInAt', v_at), p_request_id);
  return query select 'entered', v_at;
end $$;

-- One extension a turn: giving the tickets back and holding again gives no other one. Goes with its hold.
create table hold_extensions (
  id uuid primary key,
  hold uuid not null references holds on delete cascade,
  event text not null,
  place text not null,
  turn integer not null,
  at timestamptz not null,
  unique (event, place, turn)
);
create index hold_extensions_of_hold on hold_extensions (hold);

-- Gives a live hold more time: half of what it had, at most p_most_ms, and never a life of more than p_lifetime_ms.
--   p_id  uuidOf('extension', event, buyer, key): the same again changes nothing
-- Returns extended, replay, mismatch (p_id extended another hold), unknown (no such hold of that buyer and event), sold,
-- over (ran out or was released), or spent. Judged under the event's lock by the time after the wait for it, as claims
-- are: what ran out meanwhile may be somebody else's.
create function extend_hold(
  p_hold uuid, p_event text, p_buyer uuid, p_id uuid, p_most_ms integer, p_lifetime_ms integer
) returns text language plpgsql volatile set lock_timeout = '3s'
as $$
declare
  v_hold holds;
  v_earlier hold_extensions;
  v_now timestamptz;
  v_until timestamptz;
  v_updated integer;
begin
  perform lock_event(p_event);
  select * into v_hold from holds h where h.id = p_hold and h.event = p_event and h.buyer = p_buyer
    for no key update;
  if not found then return 'unknown'; end if;
  select * into v_earlier from hold_extensions x where x.id = p_id;
  if found then return case when v_earlier.hold = p_hold then 'replay' else 'mismatch' end; end if;
  v_now := sale_clock();
  if v_hold.expires_at = 'infinity' then return 'sold'; end if;
  if v_hold.expires_at <= v_now then return 'over'; end if;

  v_until := least(
    v_hold.expires_at + (v_hold.expires_at - v_hold.created_at) / 2,
    v_hold.expires_at + p_most_ms * interval '1 millisecond',
    v_hold.created_at + p_lifetime_ms * interval '1 millisecond');
  if v_until <= v_hold.expires_at then return 'spent'; end if;
  insert into hold_extensions (id, hold, event, place, turn, at)
    values (p_id, v_hold.id, v_hold.event, v_hold.place, v_hold.turn, v_now)
    on conflict (event, place, turn) do nothing;
  if not found then return 'spent'; end if;
  update tickets t set free_at = v_until
    where t.id = any (v_hold.tickets) and t.hold = v_hold.id and t.free_at = v_hold.expires_at;
  get diagnostics v_updated = row_count;
  perform require_whole(v_updated, v_hold.quantity);
  update holds set expires_at = v_until where id = v_hold.id;
  return 'extended';
end $$;

-- What operators took off sale and put back. A blocked ticket has free_at 'infinity' and no hold: sold ones have their hold.
create table stock_moves (
  id uuid primary key,
  event text not null references events,
  move text not null check (move in ('block', 'unblock')),
  tickets integer[] not null,
  print bytea not null,
  at timestamptz not null
);
create index stock_moves_of_event on stock_moves (event, at);

-- Blocks free tickets, or frees blocked ones: p_quantity of the tier, or of p_tickets, where all are meant.
--   p_id  uuidOf('stockMove', actor, event, key): the same again changes nothing
-- Returns moved or replay (with the tickets), mismatch, or few (with as many as there are). Under the event's lock, as
-- everything that takes a ticket or gives it back.
create function move_stock(
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
