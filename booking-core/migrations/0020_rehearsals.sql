-- Rehearsals: events of load tests.

-- In no list, and its payments go to the sandbox. Nothing ever changes it.
alter table events add column rehearsal boolean not null default false;
alter table events add check (not rehearsal or id like 'rehearsal-%');

-- What a rehearsal was asked for with: asked again, it is found by its event.
create table rehearsals (
  event text primary key references events,
  print bytea not null,
  created_at timestamptz not null default now()
);

-- A room that is retired is found by nobody any more; its rows stay.
alter table rooms add column retired_at timestamptz;

-- `kept`: of a rehearsal, written like any other mail, and handed to nobody.
alter table mails drop constraint mails_state_check;
alter table mails add constraint mails_state_check check (state in ('waiting', 'sent', 'kept', 'givenUp', 'empty'));
