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
