-- Which part of the stock each core process walks, so that two seldom propose the same ticket (booking-core/src/inventory/
-- walk.ts). A hint and no more: two processes at one place cost speed, never a ticket. A place that was not renewed is free.
create table claim_walks (
  place integer primary key check (place >= 0),
  process uuid not null unique,
  seen_at timestamptz not null
);

-- The process's place: the one it has, or the first that nobody renewed for p_stale_ms.
create function take_walk(p_process uuid, p_stale_ms integer) returns integer language plpgsql volatile
  set lock_timeout = '3s'
as $$
declare
  v_place integer;
  v_now timestamptz;
begin
  perform pg_advisory_xact_lock(4, 0);
  v_now := clock_timestamp();
  update claim_walks set seen_at = v_now where process = p_process returning place into v_place;
  if found then return v_place; end if;
  delete from claim_walks where seen_at < v_now - p_stale_ms * interval '1 millisecond';
  select min(candidate.place) into strict v_place
    from generate_series(0, (select count(*) from claim_walks)) candidate(place)
    where not exists (select from claim_walks w where w.place = candidate.place);
  insert into claim_walks (place, process, seen_at) values (v_place, p_process, v_now);
  return v_place;
end $$;
