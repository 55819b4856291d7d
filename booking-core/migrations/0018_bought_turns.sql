-- What a turn bought, found by the turn. Only of holds that are bought: a new hold, of which there are thousands a second,
-- costs nothing more.
create index holds_bought on holds (event, place, turn) where expires_at = 'infinity';
