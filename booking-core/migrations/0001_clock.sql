-- The one clock that expiry is judged by: the database's, plus an offset that only a test database can have.

create table sale_clock_offset (
  only_row boolean primary key default true check (only_row),
  offset_by interval not null
);

create function refuse_clock_offset() returns trigger language plpgsql as $$
begin
  if current_database() not like 'onsale\_test\_%' then
    raise exception 'the clock of % cannot be moved: it is not a test database', current_database();
  end if;
  return new;
end $$;

create trigger sale_clock_offset_in_tests_only
  before insert or update on sale_clock_offset
  for each row execute function refuse_clock_offset();

-- clock_timestamp(), not now(): a transaction that waited for a lock must judge by the time after the wait.
-- In a query over many rows write (select sale_clock()), which is computed once.
create function sale_clock() returns timestamptz language sql volatile parallel restricted as $$
  select clock_timestamp() + coalesce((select offset_by from sale_clock_offset), interval '0');
$$;
