-- A second provider. A payment belongs to the one it was made with, and is settled, refunded and reconciled there.

-- The provider's own id of the charge, written down once and before any money can move: only what stands here is ever
-- confirmed. 'none': cancelled before there was one, so that none is confirmed at all. Null: not asked for yet.
alter table payments add column reference text check (reference <> '');
create unique index payments_by_reference on payments (provider, reference) where reference <> 'none';

-- An event may say nothing of whether money was taken (a refund that arrived): taken note of, and nothing to do.
alter table webhook_events drop constraint webhook_events_state_check;
alter table webhook_events add constraint webhook_events_state_check
  check (state in ('pending', 'captured', 'declined', 'cancelled', 'other'));
