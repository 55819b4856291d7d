-- Made from the catalogs of a migrated database by dump.ts; migrations/ is what makes it.

-- domains

access_need: text CHECK ((VALUE = ANY (ARRAY['wheelchair'::text, 'companion'::text])))
seat_number: integer CHECK ((VALUE > 0))
stage_distance: integer CHECK ((VALUE >= 0))

-- tables and composite types

table admissions
  event text not null
  place text not null
  turn integer not null
  order_number bigint not null
  batch_id bigint not null
  lane text not null default 'general'::text
  back boolean not null default false
  invited_at timestamp with time zone
table audit
  id bigint not null generated always as identity
  at timestamp with time zone not null default clock_timestamp()
  actor text not null
  action text not null
  subject text not null
  was jsonb
  became jsonb
  why text
  request_id text
table batches
  id bigint not null generated always as identity
  event text not null
  batch bigint not null
  reason text not null
  taken_at timestamp with time zone not null
  places integer not null
  recorded_at timestamp with time zone not null default now()
  epoch integer not null default 0
  first_order bigint
  last_order bigint
  lanes jsonb
  places_hash bytea
  previous_hash bytea
  hash bytea
table check_ins
  "order" uuid not null
  ticket integer not null
  at timestamp with time zone not null default clock_timestamp()
  actor text not null
table claim_walks
  place integer not null
  process uuid not null
  seen_at timestamp with time zone not null
table comp_returns
  id uuid not null
  "order" uuid not null
  tickets integer[] not null
  print bytea not null
  at timestamp with time zone not null
table events
  id text not null
  venue text not null
  name text not null
  starts_at timestamp with time zone not null
  currency text not null
  admission text not null
  buyer_limit integer not null
  hold_ttl_ms integer not null
  created_at timestamp with time zone not null default now()
  cancel_until timestamp with time zone
  cancelled_at timestamp with time zone
  rehearsal boolean not null default false
table hold_extensions
  id uuid not null
  hold uuid not null
  event text not null
  place text not null
  turn integer not null
  at timestamp with time zone not null
table holds
  id uuid not null
  event text not null
  buyer uuid not null
  place text not null
  turn integer not null
  quantity integer not null
  print bytea not null
  tickets integer[] not null
  expires_at timestamp with time zone not null
  released boolean not null default false
  created_at timestamp with time zone not null default now()
table invitation_uses
  invitation text not null
  event text not null
  place text not null
  at timestamp with time zone not null default clock_timestamp()
table invitations
  id text not null
  event text not null
  label text
  lane text not null
  subject text
  buyer uuid not null
  place text not null
  uses_max integer not null
  uses integer not null default 0
  expires_at timestamp with time zone
  print bytea not null
  created_at timestamp with time zone not null
  revoked_at timestamp with time zone
table mails
  id uuid not null
  kind text not null
  recipient text not null
  "order" uuid
  facts jsonb not null
  state text not null default 'waiting'::text
  attempts integer not null default 0
  next_at timestamp with time zone not null
  last_error text
  created_at timestamp with time zone not null default now()
  settled_at timestamp with time zone
table migrations
  name text not null
  checksum text not null
  applied_at timestamp with time zone not null default now()
type order_facts
  id uuid
  event text
  hold uuid
  state text
  face_minor integer
  fees_minor integer
  tax_minor integer
  total_minor integer
  refunded_minor integer
  currency text
  print bytea
  device text
  tickets integer[]
  expires_at timestamp with time zone
  paying boolean
  cancel_until timestamp with time zone
  now timestamp with time zone
table order_lines
  "order" uuid not null
  ticket integer not null
  price_minor integer not null
  live boolean not null default true
  fee_minor integer not null default 0
  tax_minor integer not null default 0
  total_minor integer not null
table orders
  id uuid not null
  event text not null
  buyer uuid not null
  hold uuid not null
  state text not null
  total_minor integer not null
  currency text not null
  buyer_name text not null
  buyer_email text not null
  print bytea not null
  created_at timestamp with time zone not null default now()
  settled_at timestamp with time zone
  face_minor integer not null
  fees_minor integer not null default 0
  tax_minor integer not null default 0
  device text
table payments
  id uuid not null
  "order" uuid not null
  provider text not null
  method text not null
  amount_minor integer not null
  state text not null
  print bytea not null
  created_at timestamp with time zone not null default now()
  settled_at timestamp with time zone
  reference text
table refunds
  id uuid not null
  payment uuid not null
  amount_minor integer not null
  why text not null
  done_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  print bytea
table rehearsals
  event text not null
  print bytea not null
  created_at timestamp with time zone not null default now()
table removals
  event text not null
  place text not null
  actor text not null
  why text not null
  at timestamp with time zone not null default clock_timestamp()
table revocations
  event text not null
  place text not null
  turn integer not null
  actor text not null
  why text not null
  at timestamp with time zone not null default clock_timestamp()
table rooms
  event text not null
  open boolean not null
  paused boolean not null
  rate_per_minute integer not null
  capacity integer not null
  claim_window_ms integer not null
  session_ttl_ms integer not null
  version integer not null default 1
  order_mode text not null default 'arrival'::text
  opens_at timestamp with time zone
  ends_at timestamp with time zone
  priority_percent integer not null default 30
  returning_percent integer not null default 20
  identity text not null default 'session'::text
  when_away text not null default 'hold'::text
  message jsonb
  epoch integer not null default 0
  seed text not null default encode(sha256((((gen_random_uuid())::text || (gen_random_uuid())::text))::bytea), 'hex'::text)
  joinable_since timestamp with time zone
  retired_at timestamp with time zone
table sale_clock_offset
  only_row boolean not null default true
  offset_by interval not null
table sandbox_charges
  id uuid not null
  amount_minor integer not null
  state text not null
  refunded_minor integer not null default 0
  capture_at timestamp with time zone not null
  created_at timestamp with time zone not null default now()
  firm boolean not null default false
table sandbox_events
  id uuid not null default gen_random_uuid()
  charge uuid not null
  state text not null
  deliver_at timestamp with time zone not null
  deliveries_left integer not null
table sandbox_refunds
  id uuid not null
  charge uuid not null
  amount_minor integer not null
  created_at timestamp with time zone not null default now()
table stock_moves
  id uuid not null
  event text not null
  move text not null
  tickets integer[] not null
  print bytea not null
  at timestamp with time zone not null
table tickets with (fillfactor=40)
  id integer not null generated by default as identity
  event text not null
  tier text not null
  section text
  "row" text
  seat seat_number
  hold uuid
  free_at timestamp with time zone not null default '-infinity'::timestamp with time zone
  access access_need
  distance stage_distance not null default 0
table tiers
  event text not null
  id text not null
  name text not null
  price_minor integer not null
  "position" integer not null
  fee_minor integer not null default 0
  tax_basis_points integer not null default 0
  tax_included boolean not null default false
table venues
  id text not null
  name text not null
  city text not null
  region text not null
  country text not null
  time_zone text not null
  capacity integer not null
table webhook_events
  provider text not null
  event text not null
  payment uuid not null
  state text not null
  received_at timestamp with time zone not null default now()
  settled_at timestamp with time zone

-- constraints

admissions: admissions_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES batches(id)
admissions: admissions_lane_check CHECK ((lane = ANY (ARRAY['general'::text, 'priority'::text, 'returning'::text])))
admissions: admissions_pkey PRIMARY KEY (event, place, turn)
admissions: admissions_turn_check CHECK ((turn > 0))
audit: audit_pkey PRIMARY KEY (id)
batches: batches_event_fkey FOREIGN KEY (event) REFERENCES rooms(event)
batches: batches_pkey PRIMARY KEY (id)
batches: batches_places_check CHECK ((places > 0))
check_ins: check_ins_order_ticket_fkey FOREIGN KEY ("order", ticket) REFERENCES order_lines("order", ticket)
check_ins: check_ins_pkey PRIMARY KEY ("order", ticket)
claim_walks: claim_walks_pkey PRIMARY KEY (place)
claim_walks: claim_walks_place_check CHECK ((place >= 0))
claim_walks: claim_walks_process_key UNIQUE (process)
comp_returns: comp_returns_order_fkey FOREIGN KEY ("order") REFERENCES orders(id)
comp_returns: comp_returns_pkey PRIMARY KEY (id)
events: events_admission_check CHECK ((admission = ANY (ARRAY['seated'::text, 'general'::text])))
events: events_buyer_limit_check CHECK ((buyer_limit > 0))
events: events_check CHECK (((NOT rehearsal) OR (id ~~ 'rehearsal-%'::text)))
events: events_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
events: events_hold_ttl_ms_check CHECK ((hold_ttl_ms > 0))
events: events_id_check CHECK ((id ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text))
events: events_pkey PRIMARY KEY (id)
events: events_venue_fkey FOREIGN KEY (venue) REFERENCES venues(id)
hold_extensions: hold_extensions_event_place_turn_key UNIQUE (event, place, turn)
hold_extensions: hold_extensions_hold_fkey FOREIGN KEY (hold) REFERENCES holds(id) ON DELETE CASCADE
hold_extensions: hold_extensions_pkey PRIMARY KEY (id)
holds: holds_check CHECK ((cardinality(tickets) = quantity))
holds: holds_check1 CHECK ((NOT (released AND (expires_at = 'infinity'::timestamp with time zone))))
holds: holds_pkey PRIMARY KEY (id)
holds: holds_quantity_check CHECK ((quantity > 0))
invitation_uses: invitation_uses_invitation_fkey FOREIGN KEY (invitation) REFERENCES invitations(id)
invitation_uses: invitation_uses_pkey PRIMARY KEY (invitation, place)
invitations: invitations_check CHECK ((uses <= uses_max))
invitations: invitations_event_fkey FOREIGN KEY (event) REFERENCES rooms(event)
invitations: invitations_id_check CHECK ((id ~ '^[0-9a-f]{20}$'::text))
invitations: invitations_lane_check CHECK ((lane = ANY (ARRAY['priority'::text, 'general'::text])))
invitations: invitations_pkey PRIMARY KEY (id)
invitations: invitations_uses_max_check CHECK ((uses_max > 0))
mails: mails_attempts_check CHECK ((attempts >= 0))
mails: mails_check CHECK (((state = 'waiting'::text) = (settled_at IS NULL)))
mails: mails_check1 CHECK ((("order" IS NULL) = (kind = 'orderLinks'::text)))
mails: mails_kind_check CHECK ((kind = ANY (ARRAY['orderPaid'::text, 'otherTickets'::text, 'moneyBack'::text, 'refunded'::text, 'cancelled'::text, 'eventCancelled'::text, 'orderLinks'::text])))
mails: mails_order_fkey FOREIGN KEY ("order") REFERENCES orders(id)
mails: mails_pkey PRIMARY KEY (id)
mails: mails_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'kept'::text, 'givenUp'::text, 'empty'::text])))
migrations: migrations_pkey PRIMARY KEY (name)
order_lines: order_lines_fee_minor_check CHECK ((fee_minor >= 0))
order_lines: order_lines_order_fkey FOREIGN KEY ("order") REFERENCES orders(id)
order_lines: order_lines_pkey PRIMARY KEY ("order", ticket)
order_lines: order_lines_price_minor_check CHECK ((price_minor >= 0))
order_lines: order_lines_tax_minor_check CHECK ((tax_minor >= 0))
order_lines: order_lines_ticket_fkey FOREIGN KEY (ticket) REFERENCES tickets(id)
order_lines: order_lines_total_is_its_parts CHECK (((total_minor = (price_minor + fee_minor)) OR (total_minor = ((price_minor + fee_minor) + tax_minor))))
order_lines: order_lines_total_minor_check CHECK ((total_minor >= 0))
orders: orders_check CHECK (((state = 'pending'::text) = (settled_at IS NULL)))
orders: orders_event_fkey FOREIGN KEY (event) REFERENCES events(id)
orders: orders_face_minor_check CHECK ((face_minor >= 0))
orders: orders_fees_minor_check CHECK ((fees_minor >= 0))
orders: orders_hold_fkey FOREIGN KEY (hold) REFERENCES holds(id)
orders: orders_pkey PRIMARY KEY (id)
orders: orders_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'paid'::text, 'partlyRefunded'::text, 'refunded'::text, 'cancelled'::text])))
orders: orders_tax_minor_check CHECK ((tax_minor >= 0))
orders: orders_total_is_its_parts CHECK (((total_minor >= (face_minor + fees_minor)) AND (total_minor <= ((face_minor + fees_minor) + tax_minor))))
orders: orders_total_minor_check CHECK ((total_minor >= 0))
payments: payments_amount_minor_check CHECK ((amount_minor >= 0))
payments: payments_check CHECK (((state = 'asked'::text) = (settled_at IS NULL)))
payments: payments_order_fkey FOREIGN KEY ("order") REFERENCES orders(id)
payments: payments_pkey PRIMARY KEY (id)
payments: payments_reference_check CHECK ((reference <> ''::text))
payments: payments_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'kept'::text, 'declined'::text, 'cancelled'::text, 'returned'::text])))
refunds: refunds_amount_minor_check CHECK ((amount_minor >= 0))
refunds: refunds_payment_fkey FOREIGN KEY (payment) REFERENCES payments(id)
refunds: refunds_pkey PRIMARY KEY (id)
rehearsals: rehearsals_event_fkey FOREIGN KEY (event) REFERENCES events(id)
rehearsals: rehearsals_pkey PRIMARY KEY (event)
removals: removals_event_fkey FOREIGN KEY (event) REFERENCES rooms(event)
removals: removals_pkey PRIMARY KEY (event, place)
revocations: revocations_event_fkey FOREIGN KEY (event) REFERENCES rooms(event)
revocations: revocations_pkey PRIMARY KEY (event, place, turn)
revocations: revocations_turn_check CHECK ((turn > 0))
rooms: rooms_capacity_check CHECK ((capacity >= 0))
rooms: rooms_claim_window_ms_check CHECK ((claim_window_ms > 0))
rooms: rooms_end_after_they_open CHECK ((ends_at > opens_at))
rooms: rooms_event_fkey FOREIGN KEY (event) REFERENCES events(id)
rooms: rooms_identity_check CHECK ((identity = ANY (ARRAY['session'::text, 'invitation'::text])))
rooms: rooms_order_mode_check CHECK ((order_mode = ANY (ARRAY['arrival'::text, 'draw'::text])))
rooms: rooms_pkey PRIMARY KEY (event)
rooms: rooms_rate_per_minute_check CHECK ((rate_per_minute >= 0))
rooms: rooms_seed_check CHECK ((seed ~ '^[0-9a-f]{64}$'::text))
rooms: rooms_session_ttl_ms_check CHECK ((session_ttl_ms > 0))
rooms: rooms_shares_leave_some CHECK (((priority_percent >= 0) AND (returning_percent >= 0) AND ((priority_percent + returning_percent) < 100)))
rooms: rooms_when_away_check CHECK ((when_away = ANY (ARRAY['hold'::text, 'open'::text])))
sale_clock_offset: sale_clock_offset_only_row_check CHECK (only_row)
sale_clock_offset: sale_clock_offset_pkey PRIMARY KEY (only_row)
sandbox_charges: sandbox_charges_check CHECK (((refunded_minor >= 0) AND (refunded_minor <= amount_minor)))
sandbox_charges: sandbox_charges_pkey PRIMARY KEY (id)
sandbox_charges: sandbox_charges_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'captured'::text, 'declined'::text, 'cancelled'::text])))
sandbox_events: sandbox_events_charge_fkey FOREIGN KEY (charge) REFERENCES sandbox_charges(id)
sandbox_events: sandbox_events_deliveries_left_check CHECK ((deliveries_left >= 0))
sandbox_events: sandbox_events_pkey PRIMARY KEY (id)
sandbox_refunds: sandbox_refunds_charge_fkey FOREIGN KEY (charge) REFERENCES sandbox_charges(id)
sandbox_refunds: sandbox_refunds_pkey PRIMARY KEY (id)
stock_moves: stock_moves_event_fkey FOREIGN KEY (event) REFERENCES events(id)
stock_moves: stock_moves_move_check CHECK ((move = ANY (ARRAY['block'::text, 'unblock'::text])))
stock_moves: stock_moves_pkey PRIMARY KEY (id)
tickets: tickets_event_tier_fkey FOREIGN KEY (event, tier) REFERENCES tiers(event, id)
tickets: tickets_pkey PRIMARY KEY (id)
tiers: tiers_event_fkey FOREIGN KEY (event) REFERENCES events(id)
tiers: tiers_event_position_key UNIQUE (event, "position")
tiers: tiers_fee_minor_check CHECK ((fee_minor >= 0))
tiers: tiers_id_check CHECK ((id ~ '^[a-z0-9][a-z0-9-]{0,30}$'::text))
tiers: tiers_pkey PRIMARY KEY (event, id)
tiers: tiers_price_minor_check CHECK ((price_minor >= 0))
tiers: tiers_tax_basis_points_check CHECK (((tax_basis_points >= 0) AND (tax_basis_points <= 10000)))
venues: venues_capacity_check CHECK ((capacity > 0))
venues: venues_pkey PRIMARY KEY (id)
webhook_events: webhook_events_pkey PRIMARY KEY (provider, event)
webhook_events: webhook_events_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'captured'::text, 'declined'::text, 'cancelled'::text, 'other'::text])))

-- indexes

CREATE INDEX admissions_of_batch ON public.admissions USING btree (batch_id)
CREATE UNIQUE INDEX admissions_pkey ON public.admissions USING btree (event, place, turn)
CREATE INDEX audit_of_subject ON public.audit USING btree (subject, id)
CREATE UNIQUE INDEX audit_pkey ON public.audit USING btree (id)
CREATE INDEX batches_of_event ON public.batches USING btree (event, id)
CREATE UNIQUE INDEX batches_pkey ON public.batches USING btree (id)
CREATE UNIQUE INDEX check_ins_pkey ON public.check_ins USING btree ("order", ticket)
CREATE UNIQUE INDEX claim_walks_pkey ON public.claim_walks USING btree (place)
CREATE UNIQUE INDEX claim_walks_process_key ON public.claim_walks USING btree (process)
CREATE INDEX comp_returns_of_order ON public.comp_returns USING btree ("order")
CREATE UNIQUE INDEX comp_returns_pkey ON public.comp_returns USING btree (id)
CREATE UNIQUE INDEX events_pkey ON public.events USING btree (id)
CREATE UNIQUE INDEX hold_extensions_event_place_turn_key ON public.hold_extensions USING btree (event, place, turn)
CREATE INDEX hold_extensions_of_hold ON public.hold_extensions USING btree (hold)
CREATE UNIQUE INDEX hold_extensions_pkey ON public.hold_extensions USING btree (id)
CREATE INDEX holds_bought ON public.holds USING btree (event, place, turn) WHERE (expires_at = 'infinity'::timestamp with time zone)
CREATE INDEX holds_of_buyer ON public.holds USING btree (buyer)
CREATE UNIQUE INDEX holds_pkey ON public.holds USING btree (id)
CREATE INDEX invitation_uses_of_place ON public.invitation_uses USING btree (event, place)
CREATE UNIQUE INDEX invitation_uses_pkey ON public.invitation_uses USING btree (invitation, place)
CREATE INDEX invitations_of_event ON public.invitations USING btree (event, created_at DESC, id)
CREATE UNIQUE INDEX invitations_pkey ON public.invitations USING btree (id)
CREATE INDEX mails_of_links ON public.mails USING btree (created_at) WHERE (kind = 'orderLinks'::text)
CREATE INDEX mails_of_order ON public.mails USING btree ("order")
CREATE UNIQUE INDEX mails_pkey ON public.mails USING btree (id)
CREATE INDEX mails_waiting ON public.mails USING btree (next_at) WHERE (state = 'waiting'::text)
CREATE UNIQUE INDEX migrations_pkey ON public.migrations USING btree (name)
CREATE INDEX order_lines_given_back ON public.order_lines USING btree (ticket) WHERE (NOT live)
CREATE UNIQUE INDEX order_lines_one_live_per_ticket ON public.order_lines USING btree (ticket) WHERE live
CREATE UNIQUE INDEX order_lines_pkey ON public.order_lines USING btree ("order", ticket)
CREATE INDEX orders_of_address ON public.orders USING btree (lower(buyer_email), created_at)
CREATE INDEX orders_of_hold ON public.orders USING btree (hold)
CREATE UNIQUE INDEX orders_one_paid_per_hold ON public.orders USING btree (hold) WHERE (state = ANY (ARRAY['paid'::text, 'partlyRefunded'::text]))
CREATE UNIQUE INDEX orders_pkey ON public.orders USING btree (id)
CREATE INDEX orders_with_tickets ON public.orders USING btree (event, id) WHERE (state = ANY (ARRAY['paid'::text, 'partlyRefunded'::text]))
CREATE INDEX payments_asked ON public.payments USING btree (created_at) WHERE (state = 'asked'::text)
CREATE UNIQUE INDEX payments_by_reference ON public.payments USING btree (provider, reference) WHERE (reference <> 'none'::text)
CREATE INDEX payments_of_order ON public.payments USING btree ("order")
CREATE UNIQUE INDEX payments_one_live_per_order ON public.payments USING btree ("order") WHERE (state = ANY (ARRAY['asked'::text, 'kept'::text]))
CREATE UNIQUE INDEX payments_pkey ON public.payments USING btree (id)
CREATE INDEX refunds_of_payment ON public.refunds USING btree (payment)
CREATE UNIQUE INDEX refunds_pkey ON public.refunds USING btree (id)
CREATE INDEX refunds_to_do ON public.refunds USING btree (created_at) WHERE (done_at IS NULL)
CREATE UNIQUE INDEX rehearsals_pkey ON public.rehearsals USING btree (event)
CREATE UNIQUE INDEX removals_pkey ON public.removals USING btree (event, place)
CREATE UNIQUE INDEX revocations_pkey ON public.revocations USING btree (event, place, turn)
CREATE UNIQUE INDEX rooms_pkey ON public.rooms USING btree (event)
CREATE UNIQUE INDEX sale_clock_offset_pkey ON public.sale_clock_offset USING btree (only_row)
CREATE UNIQUE INDEX sandbox_charges_pkey ON public.sandbox_charges USING btree (id)
CREATE UNIQUE INDEX sandbox_events_pkey ON public.sandbox_events USING btree (id)
CREATE INDEX sandbox_events_to_deliver ON public.sandbox_events USING btree (deliver_at) WHERE (deliveries_left > 0)
CREATE UNIQUE INDEX sandbox_refunds_pkey ON public.sandbox_refunds USING btree (id)
CREATE INDEX stock_moves_of_event ON public.stock_moves USING btree (event, at)
CREATE UNIQUE INDEX stock_moves_pkey ON public.stock_moves USING btree (id)
CREATE INDEX tickets_of_tier ON public.tickets USING btree (event, tier, id)
CREATE UNIQUE INDEX tickets_pkey ON public.tickets USING btree (id)
CREATE UNIQUE INDEX tickets_seat ON public.tickets USING btree (event, section, "row", seat) WHERE (section IS NOT NULL)
CREATE UNIQUE INDEX tiers_event_position_key ON public.tiers USING btree (event, "position")
CREATE UNIQUE INDEX tiers_pkey ON public.tiers USING btree (event, id)
CREATE UNIQUE INDEX venues_pkey ON public.venues USING btree (id)
CREATE UNIQUE INDEX webhook_events_pkey ON public.webhook_events USING btree (provider, event)
CREATE INDEX webhook_events_to_settle ON public.webhook_events USING btree (received_at) WHERE (settled_at IS NULL)

-- triggers

CREATE TRIGGER audit_is_append_only BEFORE DELETE OR UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()
CREATE TRIGGER audit_is_not_truncated BEFORE TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()
CREATE TRIGGER revocation_releases AFTER INSERT ON public.revocations FOR EACH ROW EXECUTE FUNCTION after_revocation()
CREATE TRIGGER revocation_under_lock BEFORE INSERT ON public.revocations FOR EACH ROW EXECUTE FUNCTION before_revocation()
CREATE TRIGGER rooms_first_opening BEFORE INSERT OR UPDATE OF open ON public.rooms FOR EACH ROW EXECUTE FUNCTION note_first_opening()
CREATE TRIGGER sale_clock_offset_in_tests_only BEFORE INSERT OR UPDATE ON public.sale_clock_offset FOR EACH ROW EXECUTE FUNCTION refuse_clock_offset()
CREATE TRIGGER tickets_seated AFTER INSERT OR UPDATE OF section, "row", seat, access ON public.tickets FOR EACH ROW WHEN ((NOT (((new.section IS NULL) = (new."row" IS NULL)) AND ((new.section IS NULL) = (new.seat IS NULL)) AND ((new.access IS NULL) OR (new.section IS NOT NULL))))) EXECUTE FUNCTION refuse_half_seat()
CREATE TRIGGER tiers_price_stands BEFORE UPDATE OF price_minor, fee_minor, tax_basis_points, tax_included ON public.tiers FOR EACH ROW WHEN (((((old.price_minor IS DISTINCT FROM new.price_minor) OR (old.fee_minor IS DISTINCT FROM new.fee_minor)) OR (old.tax_basis_points IS DISTINCT FROM new.tax_basis_points)) OR (old.tax_included IS DISTINCT FROM new.tax_included))) EXECUTE FUNCTION refuse_new_price()

-- functions

CREATE OR REPLACE FUNCTION public.admitted_line(a admissions)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select concat_ws(':', a.place, a.turn, a.order_number, a.lane, case when a.back then 'back' end,
    'invited=' || (extract(epoch from a.invited_at) * 1000)::bigint);
$function$
CREATE OR REPLACE FUNCTION public.after_revocation()
 RETURNS trigger
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
AS $function$
begin
  perform release_hold(h.id, h.event, h.buyer)
    from holds h
    where h.place = new.place and h.turn = new.turn and h.event = new.event and h.id in (
      select t.hold from tickets t
      where t.event = new.event and t.free_at > sale_clock() and t.free_at < 'infinity' and t.hold is not null);
  return null;
end $function$
CREATE OR REPLACE FUNCTION public.ask_order_links(p_email text, p_span_ms integer)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into mails (id, kind, recipient, facts, next_at)
    select mail_id('orderLinks', lower(p_email) || ' ' || floor(epoch_ms(now.at) / p_span_ms)), 'orderLinks', p_email, '{}',
      now.at
    from (select sale_clock() at) now
    on conflict do nothing;
$function$
CREATE OR REPLACE FUNCTION public.ask_payment(p_id uuid, p_order uuid, p_print bytea, p_method text, p_provider text, p_taker text, p_rehearsal_taker text)
 RETURNS TABLE(outcome text, amount_minor integer, currency text, method text, reference text, provider text, state text)
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET jit TO 'off'
AS $function$
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
end $function$
CREATE OR REPLACE FUNCTION public.batch_hash(b batches)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select sha256(convert_to(concat_ws(E'\n', b.event, b.epoch, b.batch, b.first_order, b.last_order,
    (b.lanes->>'general'), (b.lanes->>'priority'), (b.lanes->>'returning'), b.reason,
    (extract(epoch from b.taken_at) * 1000)::bigint, encode(b.places_hash, 'hex'), encode(b.previous_hash, 'hex')), 'UTF8'));
$function$
CREATE OR REPLACE FUNCTION public.before_revocation()
 RETURNS trigger
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
AS $function$
begin
  perform lock_event(new.event);
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.begin_epoch(p_event text, p_from integer)
 RETURNS SETOF rooms
 LANGUAGE sql
AS $function$
  update rooms set epoch = epoch + 1, version = version + 1 where event = p_event and epoch = p_from;
  select * from rooms where event = p_event;
$function$
CREATE OR REPLACE FUNCTION public.check_in(p_event text, p_order uuid, p_ticket integer, p_actor text, p_request_id text)
 RETURNS TABLE(outcome text, at timestamp with time zone)
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
AS $function$
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
end $function$
CREATE OR REPLACE FUNCTION public.claim_certainly(p_event text, p_tier text, p_ids uuid[], p_buyers uuid[], p_places text[], p_turns integer[], p_quantities integer[], p_prints bytea)
 RETURNS TABLE(n integer, outcome text, tickets integer[], expires_ms double precision, released boolean, had integer, buyer_limit integer, judged_ms double precision, free_before integer, held_before integer, sold_before integer)
 LANGUAGE plpgsql
 SET jit TO 'off'
 SET lock_timeout TO '3s'
AS $function$
declare
  v_now timestamptz;
  v_free integer[];
  v_offsets integer[] := '{}';
  v_next integer := 0;
  v_quantity integer;
  v_total integer;
  v_sold integer;
begin
  perform lock_event(p_event);
  v_now := sale_clock();
  select array_agg(t.id order by t.id) filter (where t.free_at <= v_now),
      count(*) filter (where t.free_at = 'infinity'), count(*)
    into v_free, v_sold, v_total
    from tickets t where t.event = p_event and t.tier = p_tier and t.access is null;
  v_free := coalesce(v_free, '{}');
  foreach v_quantity in array p_quantities loop
    if v_next + v_quantity <= cardinality(v_free) then
      v_offsets := v_offsets || v_next;
      v_next := v_next + v_quantity;
    else
      v_offsets := v_offsets || null::integer;
    end if;
  end loop;
  return query
  with claimed as materialized (
    select * from claim_holds(
      p_event, p_ids, p_buyers, p_places, p_turns, p_quantities, p_prints, v_offsets, v_free[1 : v_next])
  )
  select asked.n::integer, coalesce(c.outcome, 'held'),
    case when c.n is null then v_free[v_offsets[asked.n] + 1 : v_offsets[asked.n] + p_quantities[asked.n]]
      else c.tickets end,
    case when c.n is null then batch.expires_ms else c.expires_ms end, coalesce(c.released, false),
    coalesce(c.had, 0), batch.buyer_limit, batch.judged_ms,
    cardinality(v_free), v_total - v_sold - cardinality(v_free), v_sold
  from generate_subscripts(p_ids, 1) asked(n)
  join claimed batch on batch.n = 0
  left join claimed c on c.n = asked.n
  order by asked.n;
end $function$
CREATE OR REPLACE FUNCTION public.claim_hold(p_event text, p_id uuid, p_buyer uuid, p_place text, p_turn integer, p_quantity integer, p_print bytea, p_tickets integer[], OUT outcome text, OUT tickets integer[], OUT expires_ms double precision, OUT released boolean, OUT had integer, OUT buyer_limit integer, OUT judged_ms double precision)
 RETURNS record
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET jit TO 'off'
AS $function$
#variable_conflict use_column
declare
  v_locked boolean;
  v_plain boolean;
  v_now timestamptz;
  v_until timestamptz;
  v_taken integer;
begin
  v_locked := lock_event(p_event) is not null;
  select e.buyer_limit, clock.at, clock.at + e.hold_ttl_ms * interval '1 millisecond',
      e.cancelled_at is null and p_quantity <= e.buyer_limit and p_quantity = cardinality(p_tickets)
        and not exists (select from holds h where h.buyer = p_buyer and h.event = p_event)
        and not exists (select from revocations v where v.event = p_event and v.place = p_place and v.turn = p_turn),
      epoch_ms(clock.at)
    into strict buyer_limit, v_now, v_until, v_plain, judged_ms
    from (select sale_clock() at) clock, events e where e.id = p_event;
  if not v_plain then
    select case c.n when 0 then 'held' else c.outcome end, c.tickets, c.expires_ms, c.released, c.had, c.judged_ms
      into strict outcome, tickets, expires_ms, released, had, judged_ms
      from claim_holds(p_event, array[p_id], array[p_buyer], array[p_place], array[p_turn], array[p_quantity], p_print,
        array[case when p_tickets <> '{}' then 0 end], p_tickets) c
      order by c.n desc limit 1;
    return;
  end if;

  released := false;
  had := 0;
  update tickets t set hold = p_id, free_at = v_until
    where t.id = any (p_tickets) and (t.event = p_event) is true and t.free_at <= v_now;
  get diagnostics v_taken = row_count;
  if v_taken < p_quantity then
    outcome := 'lost';
    if v_taken > 0 then
      update tickets t set hold = null, free_at = v_now where t.id = any (p_tickets) and t.hold = p_id;
    end if;
    return;
  end if;
  insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at, created_at)
    values (p_id, p_event, p_buyer, p_place, p_turn, p_quantity, p_print, p_tickets, v_until, v_now);
  outcome := 'held';
  expires_ms := epoch_ms(v_until);
end $function$
CREATE OR REPLACE FUNCTION public.claim_holds(p_event text, p_ids uuid[], p_buyers uuid[], p_places text[], p_turns integer[], p_quantities integer[], p_prints bytea, p_offsets integer[], p_candidates integer[])
 RETURNS TABLE(n integer, outcome text, tickets integer[], expires_ms double precision, released boolean, had integer, buyer_limit integer, judged_ms double precision)
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_nestloop TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_material TO 'off'
 SET jit TO 'off'
AS $function$
#variable_conflict use_column
declare
  v_locked boolean;
  v_now timestamptz;
  v_until timestamptz;
  v_cancelled boolean;
  v_revoked boolean;
  -- As p_offsets, null for who was refused.
  v_offsets integer[] := p_offsets;
  v_wanted integer := cardinality(p_candidates);
  v_taken integer := 0;
  v_put_back integer;
  v_short uuid[] := '{}';
  v_theirs integer[] := '{}';
  v_row record;
begin
  v_locked := lock_event(p_event) is not null;
  -- After the wait for the lock: a clock read before it would sell what ran out meanwhile to nobody.
  select e.buyer_limit, e.cancelled_at is not null, exists (select from revocations v where v.event = p_event),
      clock.at, clock.at + e.hold_ttl_ms * interval '1 millisecond'
    into strict buyer_limit, v_cancelled, v_revoked, v_now, v_until
    from (select sale_clock() at) clock, events e where e.id = p_event;
  judged_ms := epoch_ms(v_now);

  for v_row in
    with asked as (
      select generate_subscripts(p_ids, 1) n, unnest(p_ids) id, unnest(p_buyers) buyer, unnest(p_quantities) quantity,
        unnest(p_offsets) at
    ),
    past as (
      select h.buyer, coalesce(sum(h.quantity) filter (where h.expires_at > v_now), 0)::integer quantity,
        array_agg(h) holds
      from holds h where h.buyer = any (p_buyers) and h.event = p_event group by h.buyer
    ),
    known as (
      select a.n, a.at, a.quantity, coalesce(p.quantity, 0) had,
        -- One probe serves limit and idempotency, since the hold of an id is among its buyer's.
        case when p.holds is not null then (select h from unnest(p.holds) h where h.id = a.id) end same
      from asked a left join past p on p.buyer = a.buyer
    ),
    judged as (
      select k.*, case
        when v_cancelled then 'cancelled'
        when v_revoked and exists (
          select from revocations v where v.event = p_event and v.place = p_places[k.n] and v.turn = p_turns[k.n]
        ) then 'revoked'
        when (k.same).id is not null then case when (k.same).print = print_at(p_prints, k.n) then 'replay' else 'mismatch' end
        when k.had + k.quantity > buyer_limit then 'limit'
        when k.at is null then 'lost'
        else 'held'
      end outcome
      -- Computed once, not wherever it is named.
      from (select * from known offset 0) k
    )
    select * from judged j where j.outcome <> 'held'
  loop
    if v_row.at is not null then
      v_wanted := v_wanted - v_row.quantity;
      v_offsets[v_row.n] := null;
    end if;
    n := v_row.n;
    outcome := v_row.outcome;
    had := v_row.had;
    if outcome = 'replay' then
      tickets := (v_row.same).tickets;
      expires_ms := epoch_ms((v_row.same).expires_at);
      released := (v_row.same).released;
    else
      tickets := null;
      expires_ms := null;
      released := false;
    end if;
    return next;
  end loop;

  if v_wanted > 0 then
    update tickets t set hold = taken.hold, free_at = v_until
      from (
        select asked.id hold, unnest(p_candidates[asked.at + 1 : asked.at + asked.quantity]) ticket
        from (select unnest(p_ids) id, unnest(p_quantities) quantity, unnest(v_offsets) at) asked
        where asked.at is not null
      ) taken
      -- `is true` keeps the planner from reading all tickets of the event by their index.
      where t.id = any (p_candidates) and t.id = taken.ticket and (t.event = p_event) is true and t.free_at <= v_now;
    get diagnostics v_taken = row_count;
    insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at, created_at)
      select asked.id, p_event, asked.buyer, asked.place, asked.turn, asked.quantity, print_at(p_prints, asked.n),
        p_candidates[asked.at + 1 : asked.at + asked.quantity], v_until, v_now
      from (
        select generate_subscripts(p_ids, 1) n, unnest(p_ids) id, unnest(p_buyers) buyer, unnest(p_places) place,
          unnest(p_turns) turn, unnest(p_quantities) quantity, unnest(v_offsets) at
      ) asked
      where asked.at is not null;
  end if;

  if v_taken < v_wanted then
    for v_row in
      with asked as (
        select r.n, r.id, r.buyer, r.quantity, p_candidates[r.at + 1 : r.at + r.quantity] tickets
        from (
          select generate_subscripts(p_ids, 1) n, unnest(p_ids) id, unnest(p_buyers) buyer,
            unnest(p_quantities) quantity, unnest(v_offsets) at
        ) r
        where r.at is not null
      ),
      got as (
        select t.hold, count(*) quantity from tickets t
        where t.id = any (p_candidates) and t.free_at = v_until group by t.hold
      )
      select a.n, a.id, a.quantity, a.tickets, (
        select coalesce(sum(h.quantity), 0) from holds h
        where h.buyer = a.buyer and h.event = p_event and h.expires_at > v_now and h.id <> a.id
      ) had
      from asked a left join got g on g.hold = a.id
      where a.quantity > coalesce(g.quantity, 0)
    loop
      v_wanted := v_wanted - v_row.quantity;
      v_short := v_short || v_row.id;
      v_theirs := v_theirs || v_row.tickets;
      n := v_row.n;
      outcome := 'lost';
      tickets := null;
      expires_ms := null;
      released := false;
      had := v_row.had;
      return next;
    end loop;
    delete from holds h where h.id = any (v_short);
    update tickets t set hold = null, free_at = v_now
      where t.id = any (v_theirs) and t.hold = any (v_short) and t.free_at = v_until;
    get diagnostics v_put_back = row_count;
    v_taken := v_taken - v_put_back;
  end if;
  perform require_whole(v_taken, v_wanted);

  n := 0;
  outcome := 'batch';
  tickets := null;
  expires_ms := epoch_ms(v_until);
  released := false;
  had := 0;
  return next;
end $function$
CREATE OR REPLACE FUNCTION public.create_order(p_id uuid, p_event text, p_buyer uuid, p_hold uuid, p_name text, p_email text, p_print bytea, p_device text)
 RETURNS SETOF order_facts
 LANGUAGE plpgsql
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET jit TO 'off'
AS $function$
begin
  with made as (
    insert into orders (id, event, buyer, hold, state, face_minor, fees_minor, tax_minor, total_minor, currency,
      buyer_name, buyer_email, print, device)
    select p_id, h.event, h.buyer, h.id, 'pending', cost.face, cost.fees, cost.tax, cost.total, e.currency,
      p_name, p_email, p_print, p_device
    from holds h join events e on e.id = h.event
      cross join lateral (
        select sum(c.price_minor) face, sum(c.fee_minor) fees, sum(c.tax_minor) tax, sum(c.total_minor) total
        from tickets t join tiers i on i.event = t.event and i.id = t.tier
          cross join lateral ticket_cost(i.price_minor, i.fee_minor, i.tax_basis_points, i.tax_included) c
        where t.id = any (h.tickets)
      ) cost
    where h.id = p_hold and h.event = p_event and h.buyer = p_buyer
      and h.expires_at > sale_clock() and h.expires_at < 'infinity' and e.cancelled_at is null
    on conflict (id) do nothing
    returning id
  )
  insert into audit (actor, action, subject, became)
  select 'buyer', 'order.created', id::text, '{"state": "pending"}' from made;
  return query select * from find_order(p_id);
end $function$
CREATE OR REPLACE FUNCTION public.epoch_ms(p_at timestamp with time zone)
 RETURNS double precision
 LANGUAGE sql
 STABLE
AS $function$
  select floor(extract(epoch from p_at)::double precision * 1000);
$function$
CREATE OR REPLACE FUNCTION public.extend_hold(p_hold uuid, p_event text, p_buyer uuid, p_id uuid, p_most_ms integer, p_lifetime_ms integer)
 RETURNS text
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
AS $function$
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
end $function$
CREATE OR REPLACE FUNCTION public.find_order(p_order uuid)
 RETURNS SETOF order_facts
 LANGUAGE plpgsql
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET jit TO 'off'
AS $function$
begin
  return query select o.id, o.event, o.hold, o.state, o.face_minor, o.fees_minor, o.tax_minor, o.total_minor,
      coalesce((
        select sum(r.amount_minor) from refunds r join payments p on p.id = r.payment where p."order" = o.id
      ), 0)::integer,
      o.currency, o.print, o.device, h.tickets, h.expires_at,
      exists (select from payments p where p."order" = o.id and p.state = 'asked'),
      e.cancel_until, sale_clock()
    from orders o join holds h on h.id = o.hold join events e on e.id = o.event
    where o.id = p_order;
end $function$
CREATE OR REPLACE FUNCTION public.give_comp(p_event text, p_order uuid, p_hold uuid, p_buyer uuid, p_print bytea, p_tier text, p_quantity integer, p_tickets integer[], p_name text, p_email text, p_actor text, p_why text, p_request text)
 RETURNS TABLE(outcome text, tickets integer[])
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
AS $function$
#variable_conflict use_column
declare
  v_event events;
  v_earlier bytea;
  v_now timestamptz;
  v_found integer[];
  v_updated integer;
begin
  perform lock_event(p_event);
  select o.print into v_earlier from orders o where o.id = p_order;
  if found then
    return query select case when v_earlier = p_print then 'replay' else 'mismatch' end, (
      select array_agg(l.ticket order by l.ticket) from order_lines l where l."order" = p_order);
    return;
  end if;
  select * into strict v_event from events e where e.id = p_event;
  if v_event.cancelled_at is not null then return query select 'cancelled', null::integer[]; return; end if;
  v_now := sale_clock();
  select coalesce(array_agg(chosen.id order by chosen.id), '{}') into v_found from (
    select t.id from tickets t
    where t.event = p_event and t.free_at <= v_now
      and case when p_tickets is null then t.tier = p_tier and t.access is null else t.id = any (p_tickets) end
    order by t.id limit p_quantity
  ) chosen;
  if cardinality(v_found) < p_quantity then return query select 'few', v_found; return; end if;

  insert into holds (id, event, buyer, place, turn, quantity, print, tickets, expires_at, created_at)
    values (p_hold, p_event, p_buyer, 'comp', 0, p_quantity, p_print, v_found, 'infinity', v_now);
  update tickets t set hold = p_hold, free_at = 'infinity' where t.id = any (v_found) and t.free_at <= v_now;
  get diagnostics v_updated = row_count;
  perform require_whole(v_updated, p_quantity);
  insert into orders (id, event, buyer, hold, state, total_minor, face_minor, currency, buyer_name, buyer_email, print,
      settled_at)
    values (p_order, p_event, p_buyer, p_hold, 'paid', 0, 0, v_event.currency, p_name, p_email, p_print, now());
  insert into order_lines ("order", ticket, price_minor, total_minor)
    select p_order, ticket, 0, 0 from unnest(v_found) ticket;
  insert into audit (actor, action, subject, became, why, request_id)
    values (p_actor, 'order.paid', p_order::text,
      jsonb_build_object('state', 'paid', 'comp', true, 'tickets', to_jsonb(v_found)), p_why, p_request);
  perform write_mail('orderPaid', p_order, p_order, '{}');
  return query select 'given', v_found;
end $function$
CREATE OR REPLACE FUNCTION public.late_tickets(p_hold holds, p_now timestamp with time zone)
 RETURNS integer[]
 LANGUAGE plpgsql
AS $function$
begin
  if p_hold.expires_at = 'infinity' then return null; end if;
  if p_hold.quantity + (
    select coalesce(sum(h.quantity), 0) from holds h
    where h.event = p_hold.event and h.buyer = p_hold.buyer and h.expires_at > p_now
  ) > (select e.buyer_limit from events e where e.id = p_hold.event) then
    return null;
  end if;
  if not exists (select from tickets t where t.id = any (p_hold.tickets) and t.free_at > p_now) then
    return p_hold.tickets;
  end if;
  return (
    with wanted as (
      select t.tier, t.access, count(*) quantity from tickets t where t.id = any (p_hold.tickets)
      group by t.tier, t.access
    ),
    free as (
      select t.id, w.quantity,
        row_number() over (partition by t.tier, t.access order by t.id = any (p_hold.tickets) desc, t.id) nth
      from tickets t join wanted w on w.tier = t.tier and w.access is not distinct from t.access
      where t.event = p_hold.event and t.free_at <= p_now
    )
    select case when count(*) = p_hold.quantity then array_agg(f.id order by f.id) end
    from free f where f.nth <= f.quantity
  );
end $function$
CREATE OR REPLACE FUNCTION public.lock_event(p_event text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  v_locked boolean;
begin
  if current_setting('transaction_isolation') <> 'read committed' then perform require_read_committed(); end if;
  v_locked := pg_advisory_xact_lock(1, hashtext(p_event)) is not null;
end $function$
CREATE OR REPLACE FUNCTION public.mail_id(p_kind text, p_news text)
 RETURNS uuid
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
declare
  v_hash bytea := substring(sha256(convert_to('mail ' || p_kind || ' ' || p_news, 'UTF8')) from 1 for 16);
begin
  v_hash := set_byte(v_hash, 6, (get_byte(v_hash, 6) & 15) | 128);
  v_hash := set_byte(v_hash, 8, (get_byte(v_hash, 8) & 63) | 128);
  return encode(v_hash, 'hex')::uuid;
end $function$
CREATE OR REPLACE FUNCTION public.move_stock(p_event text, p_id uuid, p_print bytea, p_move text, p_tier text, p_quantity integer, p_tickets integer[], p_actor text, p_why text, p_request_id text)
 RETURNS TABLE(outcome text, tickets integer[])
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
AS $function$
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
      and (p_move = 'unblock' or p_tickets is not null or t.access is null)
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
end $function$
CREATE OR REPLACE FUNCTION public.note_first_opening()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.open and new.joinable_since is null then new.joinable_since := sale_clock(); end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.print_at(p_prints bytea, p_n bigint)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select substring(p_prints from (p_n::integer - 1) * 16 + 1 for 16);
$function$
CREATE OR REPLACE FUNCTION public.record_batch(p_event text, p_batch bigint, p_epoch integer, p_reason text, p_taken_at timestamp with time zone, p_places text[], p_turns integer[], p_orders bigint[], p_lanes text[], p_back boolean[])
 RETURNS TABLE(place text, turn integer, is_new boolean)
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
AS $function$
#variable_conflict use_column
declare
  v_new admissions[];
  v_batch batches;
begin
  perform pg_advisory_xact_lock(2, hashtext(p_event));
  select coalesce(array_agg(row(p_event, g.place, g.turn, g.order_number, null, g.lane, g.back,
      case when g.lane = 'priority' then
        date_trunc('milliseconds',
          (select min(u.at) from invitation_uses u where u.event = p_event and u.place = g.place)) end
    )::admissions), '{}') into v_new
    from unnest(p_places, p_turns, p_orders, p_lanes, p_back) g(place, turn, order_number, lane, back)
    where not exists (
      select from admissions a where a.event = p_event and a.place = g.place and a.turn = g.turn);

  if cardinality(v_new) > 0 then
    v_batch.event := p_event;
    v_batch.batch := p_batch;
    v_batch.epoch := p_epoch;
    v_batch.reason := p_reason;
    v_batch.taken_at := p_taken_at;
    select count(*), min(a.order_number), max(a.order_number),
        jsonb_build_object('general', count(*) filter (where a.lane = 'general'),
          'priority', count(*) filter (where a.lane = 'priority'),
          'returning', count(*) filter (where a.lane = 'returning')),
        sha256(convert_to(string_agg(admitted_line(a), E'\n' order by a.order_number, a.place collate "C"), 'UTF8'))
      into v_batch.places, v_batch.first_order, v_batch.last_order, v_batch.lanes, v_batch.places_hash
      from unnest(v_new) a;
    v_batch.previous_hash := coalesce(
      (select b.hash from batches b where b.event = p_event order by b.id desc limit 1), '');
    v_batch.hash := batch_hash(v_batch);
    insert into batches (event, batch, epoch, reason, taken_at, places, first_order, last_order, lanes, places_hash,
        previous_hash, hash)
      values (v_batch.event, v_batch.batch, v_batch.epoch, v_batch.reason, v_batch.taken_at, v_batch.places,
        v_batch.first_order, v_batch.last_order, v_batch.lanes, v_batch.places_hash, v_batch.previous_hash, v_batch.hash)
      returning id into v_batch.id;
    insert into admissions (event, place, turn, order_number, batch_id, lane, back, invited_at)
      select a.event, a.place, a.turn, a.order_number, v_batch.id, a.lane, a.back, a.invited_at from unnest(v_new) a;
    -- Who was removed while the line was away, or had not heard of it, was let in for a turn that is over already.
    insert into revocations (event, place, turn, actor, why)
      select a.event, a.place, a.turn, m.actor, m.why
      from unnest(v_new) a join removals m on m.event = a.event and m.place = a.place
      on conflict do nothing;
  end if;

  return query
    select g.place, g.turn, (g.place, g.turn) in (select a.place, a.turn from unnest(v_new) a)
    from unnest(p_places, p_turns) with ordinality g(place, turn, n) order by g.n;
end $function$
CREATE OR REPLACE FUNCTION public.redeem_invitation(p_event text, p_invitation text, p_place text, p_buyer uuid)
 RETURNS TABLE(outcome text, place text, buyer uuid, lane text)
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
AS $function$
#variable_conflict use_column
declare
  v_of_invitation boolean;
  v invitations;
begin
  select r.identity = 'invitation' into v_of_invitation from rooms r where r.event = p_event;
  -- The row is locked before its uses are counted: of two places that come at once, the second sees the first.
  select i.* into v from invitations i where i.id = p_invitation and i.event = p_event for no key update;
  if not found then
    return query select 'invalid', p_place, p_buyer, 'general';
    return;
  end if;
  if v_of_invitation then
    p_place := v.place;
    p_buyer := v.buyer;
  end if;

  if exists (select from invitation_uses u where u.invitation = v.id and u.place = p_place) then
    return query select 'already', p_place, p_buyer, v.lane;
  elsif v.revoked_at is not null or v.expires_at <= sale_clock() then
    return query select 'over', p_place, p_buyer, v.lane;
  elsif v.uses >= v.uses_max then
    return query select 'spent', p_place, p_buyer, v.lane;
  else
    update invitations i set uses = i.uses + 1 where i.id = v.id;
    insert into invitation_uses (invitation, event, place) values (v.id, p_event, p_place);
    return query select 'new', p_place, p_buyer, v.lane;
  end if;
end $function$
CREATE OR REPLACE FUNCTION public.refund_order(p_order uuid, p_tickets integer[], p_refund uuid, p_print bytea, p_became text, p_actor text, p_why text, p_request text)
 RETURNS text
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
AS $function$
declare
  v_order orders;
  v_hold holds;
  v_refund refunds;
  v_return comp_returns;
  v_comp boolean;
  v_payment uuid;
  v_lines integer[];
  v_amount integer;
  v_left integer[];
  v_state text;
  v_now timestamptz;
  v_updated integer;
begin
  select * into v_order from orders o where o.id = p_order;
  if not found then return 'unknown'; end if;
  perform lock_event(v_order.event);
  select * into strict v_hold from holds h where h.id = v_order.hold for no key update;
  select * into strict v_order from orders o where o.id = p_order;
  select * into v_refund from refunds r where r.id = p_refund;
  if found then return case when v_refund.print = p_print then 'already' else 'mismatch' end; end if;
  select * into v_return from comp_returns r where r.id = p_refund;
  if found then return case when v_return.print = p_print then 'already' else 'mismatch' end; end if;
  if v_order.state not in ('paid', 'partlyRefunded') then return 'closed'; end if;

  select array_agg(l.ticket), sum(l.total_minor) into v_lines, v_amount
    from order_lines l
    where l."order" = p_order and l.live and (p_tickets is null or l.ticket = any (p_tickets));
  if p_tickets is not null and cardinality(p_tickets) is distinct from cardinality(v_lines) then
    return 'ticketUnknown';
  end if;
  select array_agg(ticket order by ticket) into v_left from unnest(v_hold.tickets) ticket where ticket <> all (v_lines);
  v_comp := v_hold.turn = 0;
  v_state := case when v_left is not null then 'partlyRefunded' when v_comp then 'cancelled' else p_became end;

  v_now := sale_clock();
  update order_lines l set live = false where l."order" = p_order and l.ticket = any (v_lines);
  update tickets t set free_at = v_now
    where t.id = any (v_lines) and t.hold = v_hold.id and t.free_at = 'infinity';
  get diagnostics v_updated = row_count;
  perform require_whole(v_updated, cardinality(v_lines));
  if v_left is null then
    update holds set expires_at = v_now, released = true where id = v_hold.id;
  else
    update holds set tickets = v_left, quantity = cardinality(v_left) where id = v_hold.id;
  end if;

  if v_comp then
    insert into comp_returns (id, "order", tickets, print, at) values (p_refund, p_order, v_lines, p_print, v_now);
  else
    update payments p set state = case when v_left is null then 'returned' else p.state end
      where p."order" = p_order and p.state = 'kept' returning p.id into strict v_payment;
    insert into refunds (id, payment, amount_minor, why, print) values (p_refund, v_payment, v_amount, p_why, p_print);
  end if;
  update orders set state = v_state where id = p_order;
  insert into audit (actor, action, subject, was, became, why, request_id)
    values (p_actor, 'order.' || v_state, p_order::text, jsonb_build_object('state', v_order.state),
      jsonb_build_object('state', v_state, 'tickets', to_jsonb(v_lines), 'refundedMinor', v_amount), p_why, p_request);
  perform write_mail(
    case when p_became = 'refunded' then 'refunded'
      when exists (select from events e where e.id = v_order.event and e.cancelled_at is not null) then 'eventCancelled'
      else 'cancelled' end,
    p_refund, p_order,
    jsonb_build_object('amountMinor', v_amount, 'tickets', cardinality(v_lines), 'left', coalesce(cardinality(v_left), 0)));
  return 'refunded';
end $function$
CREATE OR REPLACE FUNCTION public.refuse_audit_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the audit is append-only' using errcode = 'insufficient_privilege';
end $function$
CREATE OR REPLACE FUNCTION public.refuse_clock_offset()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if current_database() not like 'onsale\_test\_%' then
    raise exception 'the clock of % cannot be moved: it is not a test database', current_database();
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.refuse_half_seat()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'ticket % has a part of a seat', new.id using errcode = 'check_violation';
end $function$
CREATE OR REPLACE FUNCTION public.refuse_new_price()
 RETURNS trigger
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
AS $function$
begin
  lock table orders in share mode;
  if exists (select from orders o where o.event = old.event) then
    raise exception 'event % has orders: the price of % stands', old.event, old.id using errcode = 'check_violation';
  end if;
  return new;
end $function$
CREATE OR REPLACE FUNCTION public.release_hold(p_hold uuid, p_event text, p_buyer uuid)
 RETURNS text
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
AS $function$
declare
  v_hold holds;
  v_now timestamptz;
  v_updated integer;
begin
  perform lock_event(p_event);
  select * into v_hold from holds h where h.id = p_hold and h.event = p_event and h.buyer = p_buyer
    for no key update;
  if not found then return 'unknown'; end if;
  v_now := sale_clock();
  if v_hold.expires_at = 'infinity' then return 'sold'; end if;
  if v_hold.expires_at <= v_now then return 'over'; end if;
  update tickets t set free_at = v_now
    where t.id = any (v_hold.tickets) and t.hold = v_hold.id and t.free_at > v_now;
  get diagnostics v_updated = row_count;
  perform require_whole(v_updated, v_hold.quantity);
  update holds set expires_at = v_now, released = true where id = v_hold.id;
  return 'released';
end $function$
CREATE OR REPLACE FUNCTION public.release_hold_by_hand(p_hold uuid, p_actor text, p_why text, p_request text)
 RETURNS TABLE(outcome text, event text)
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
AS $function$
#variable_conflict use_column
declare
  v_hold holds;
  v_outcome text;
begin
  -- Whose it is never changes; all else is judged under the lock.
  select * into v_hold from holds h where h.id = p_hold;
  if not found then return query select 'unknown', null::text; return; end if;
  v_outcome := release_hold(p_hold, v_hold.event, v_hold.buyer);
  if v_outcome = 'released' then
    insert into audit (actor, action, subject, was, became, why, request_id)
      values (p_actor, 'hold.released', p_hold::text, '{"state": "held"}',
        jsonb_build_object('state', 'released', 'event', v_hold.event, 'tickets', to_jsonb(v_hold.tickets)), p_why, p_request);
  end if;
  return query select v_outcome, v_hold.event;
end $function$
CREATE OR REPLACE FUNCTION public.require_read_committed()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'this must run at read committed, not %', current_setting('transaction_isolation')
      using errcode = 'active_sql_transaction', hint = 'Run the migrations: they settle default_transaction_isolation.';
  end if;
end $function$
CREATE OR REPLACE FUNCTION public.require_whole(p_updated bigint, p_judged bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
begin
  if p_updated is distinct from p_judged then
    raise exception 'tickets changed under the event lock' using errcode = 'serialization_failure';
  end if;
  return true;
end $function$
CREATE OR REPLACE FUNCTION public.sale_clock()
 RETURNS timestamp with time zone
 LANGUAGE sql
 PARALLEL RESTRICTED
AS $function$
  select clock_timestamp() + coalesce((select offset_by from sale_clock_offset), interval '0');
$function$
CREATE OR REPLACE FUNCTION public.settle_payment(p_payment uuid, p_alone boolean, p_refund uuid)
 RETURNS text
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET jit TO 'off'
AS $function$
declare
  v_payment payments;
  v_order orders;
  v_hold holds;
  v_now timestamptz;
  v_cancelled boolean;
  v_on_time boolean;
  v_tickets integer[];
  v_rung text;
  v_why text;
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

  select e.cancelled_at is not null into strict v_cancelled from events e where e.id = v_order.event;
  v_now := sale_clock();
  v_on_time := v_hold.expires_at > v_now and v_hold.expires_at < 'infinity' and not v_cancelled;
  if not v_on_time and not p_alone then return 'late'; end if;

  if v_on_time then
    v_tickets := v_hold.tickets;
  elsif v_cancelled then
    v_why := 'the event was cancelled before the payment came';
    -- The hold may still be live: its tickets go back with the money.
    update tickets t set free_at = v_now
      where t.id = any (v_hold.tickets) and t.hold = v_hold.id and t.free_at > v_now and t.free_at < 'infinity';
    update holds set expires_at = v_now, released = true
      where id = v_hold.id and expires_at > v_now and expires_at < 'infinity';
  else
    v_tickets := late_tickets(v_hold, v_now);
    v_rung := case when v_tickets is null then 'moneyBack' when v_tickets = v_hold.tickets then 'sameTickets'
      else 'equivalentTickets' end;
    v_why := case v_rung
      when 'sameTickets' then 'the payment came late, and the tickets were still free'
      when 'equivalentTickets' then 'the payment came late and its tickets were gone; others of the same tier were free'
      else 'the payment came after the hold ran out, and too few tickets of its tier were free, or too many for this buyer'
      end;
  end if;

  if v_tickets is not null then
    update tickets t set hold = v_hold.id, free_at = 'infinity'
      where t.id = any (v_tickets) and t.event = v_hold.event and t.free_at < 'infinity'
        and case when v_on_time then t.hold = v_hold.id and t.free_at > v_now else t.free_at <= v_now end;
    get diagnostics v_updated = row_count;
    perform require_whole(v_updated, v_hold.quantity);
    update holds set expires_at = 'infinity', released = false, tickets = v_tickets where id = v_hold.id;
    insert into order_lines ("order", ticket, price_minor, fee_minor, tax_minor, total_minor)
      select v_order.id, t.id, cost.price_minor, cost.fee_minor, cost.tax_minor, cost.total_minor
      from tickets t join tiers i on i.event = t.event and i.id = t.tier
        cross join lateral ticket_cost(i.price_minor, i.fee_minor, i.tax_basis_points, i.tax_included) cost
      where t.id = any (v_tickets);
    update payments set state = 'kept', settled_at = now() where id = p_payment;
    update orders set state = 'paid', settled_at = now() where id = v_order.id;
    insert into audit (actor, action, subject, was, became, why)
      values ('buyer', 'order.paid', v_order.id::text, '{"state": "pending"}',
        jsonb_strip_nulls(jsonb_build_object('state', 'paid', 'rung', v_rung)), v_why);
    perform write_mail(case v_rung when 'equivalentTickets' then 'otherTickets' else 'orderPaid' end, v_order.id,
      v_order.id, '{}');
    return 'kept';
  end if;

  update payments set state = 'returned', settled_at = now() where id = p_payment;
  update orders set state = 'refunded', settled_at = now() where id = v_order.id;
  insert into refunds (id, payment, amount_minor, why)
    values (p_refund, p_payment, v_payment.amount_minor, case when v_cancelled then 'eventCancelled' else 'late' end);
  insert into audit (actor, action, subject, was, became, why)
    values ('system', 'order.refunded', v_order.id::text, '{"state": "pending"}',
      jsonb_strip_nulls(jsonb_build_object('state', 'refunded', 'rung', v_rung)), v_why);
  perform write_mail('moneyBack', p_refund, v_order.id, jsonb_build_object(
    'amountMinor', v_payment.amount_minor, 'why', case when v_cancelled then 'eventCancelled' else 'late' end));
  return 'returned';
end $function$
CREATE OR REPLACE FUNCTION public.take_walk(p_process uuid, p_stale_ms integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
AS $function$
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
end $function$
CREATE OR REPLACE FUNCTION public.ticket_cost(p_price integer, p_fee integer, p_basis_points integer, p_included boolean)
 RETURNS TABLE(price_minor integer, fee_minor integer, tax_minor integer, total_minor integer)
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select p_price, p_fee, t.tax::integer, (p_price + p_fee + case when p_included then 0 else t.tax end)::integer
  from (
    -- n / d rounded half up is (2n + d) / 2d in whole numbers; contained tax is the part of d = 10000 + rate.
    select (2 * n.of_all + n.d) / (2 * n.d) tax
    from (
      select (p_price + p_fee)::bigint * p_basis_points of_all,
        (10000 + case when p_included then p_basis_points else 0 end)::bigint d
    ) n
  ) t;
$function$
CREATE OR REPLACE FUNCTION public.write_mail(p_kind text, p_news uuid, p_order uuid, p_facts jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into mails (id, kind, recipient, "order", facts, next_at)
    select mail_id(p_kind, p_news::text), p_kind, o.buyer_email, o.id, p_facts, sale_clock()
    from orders o where o.id = p_order
    on conflict do nothing;
end $function$
