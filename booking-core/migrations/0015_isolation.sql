-- What is judged under the event's lock is read by the statement after it. Only at read committed has that statement a
-- snapshot newer than the lock; at any other level it would judge by what was so before the wait, and a buyer could pass his
-- limit or a ticket be sold twice. Nothing may make that of it, not even a server whose default was changed: it is refused,
-- and loudly, since a refusal to sell is mended in a minute.
--
-- active_sql_transaction, not a serialization failure: running it again would not help.
create function require_read_committed() returns void language plpgsql as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'this must run at read committed, not %', current_setting('transaction_isolation')
      using errcode = 'active_sql_transaction', hint = 'Run the migrations: they settle default_transaction_isolation.';
  end if;
end $$;

create or replace function lock_event(p_event text) returns void language plpgsql as $$
begin
  perform require_read_committed();
  perform pg_advisory_xact_lock(1, hashtext(p_event));
end $$;
