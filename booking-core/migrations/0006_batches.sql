-- Writes an admitted batch down, safe to repeat: what counts is (event, place, turn). The lock (class 2) keeps two calls
-- with one batch from each making a row of `batches`; a row is made only when somebody in it is new.
-- Returns for each place, in the given order, whether this call recorded it.
create function record_batch(
  p_event text, p_batch bigint, p_reason text, p_taken_at timestamptz,
  p_places text[], p_turns integer[], p_orders bigint[]
) returns table (place text, turn integer, is_new boolean) language plpgsql volatile set lock_timeout = '3s'
as $$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock(2, hashtext(p_event));
  return query
  with given as materialized (
    select g.place, g.turn, g.order_number, g.n,
      not exists (
        select from admissions a where a.event = p_event and a.place = g.place and a.turn = g.turn
      ) is_new
    from unnest(p_places, p_turns, p_orders) with ordinality g(place, turn, order_number, n)
  ),
  batch as (
    insert into batches (event, batch, reason, taken_at, places)
    select p_event, p_batch, p_reason, p_taken_at, count(*) from given where is_new having count(*) > 0
    returning id
  ),
  inserted as (
    insert into admissions (event, place, turn, order_number, batch_id)
    select p_event, g.place, g.turn, g.order_number, b.id from given g, batch b where g.is_new
    on conflict do nothing
  )
  select g.place, g.turn, g.is_new from given g order by g.n;
end $$;
