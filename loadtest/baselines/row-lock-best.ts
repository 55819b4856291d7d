import { uuidOf } from '@onsale/shared/ids';
import { BOOKINGS, BOOKINGS_OF_BUYER, booksOf, claimInOneTrip, connect } from './bookings.ts';
import type { Strategy } from './strategy.ts';

/**
 * Row lock at its best: lock, limit and booking in one function, one round trip, one commit.
 * Its limits: the lock is still held through the commit's fsync, so no two buyers of an event share one; no seats, no expiry.
 * The statements after the lock see what the buyer before committed: each statement of a volatile function has a snapshot
 * of its own (READ COMMITTED).
 */
const CLAIM = (buyerLimit: number): string => `
  CREATE FUNCTION claim(p_id uuid, p_buyer uuid, p_quantity integer) RETURNS text LANGUAGE plpgsql AS $$
  DECLARE
    v_remaining integer;
    v_quantity integer;
    v_repeated boolean;
  BEGIN
    SELECT remaining INTO v_remaining FROM event WHERE id = 1 FOR NO KEY UPDATE;
    SELECT coalesce(sum(quantity), 0), coalesce(bool_or(id = p_id), false) INTO v_quantity, v_repeated
      FROM booking WHERE buyer = p_buyer;
    IF v_repeated THEN RETURN 'held'; END IF;
    IF v_quantity + p_quantity > ${buyerLimit} THEN RETURN 'overLimit'; END IF;
    IF v_remaining < p_quantity THEN RETURN 'notEnough'; END IF;
    UPDATE event SET remaining = remaining - p_quantity WHERE id = 1;
    INSERT INTO booking (id, buyer, quantity) VALUES (p_id, p_buyer, p_quantity);
    RETURN 'held';
  END $$;
`;

export const rowLockBest: Strategy = {
  name: 'row lock, best',
  database: 'empty',
  async open(databaseUrl, sale) {
    const pool = await connect(
      databaseUrl,
      `${BOOKINGS} ${BOOKINGS_OF_BUYER} ${CLAIM(sale.buyerLimit)}
       CREATE TABLE event (id integer PRIMARY KEY, remaining integer NOT NULL CHECK (remaining >= 0)) WITH (fillfactor = 10);
       INSERT INTO event VALUES (1, ${sale.capacity});`,
    );
    return {
      claim: ({ buyer, key, quantity }) =>
        claimInOneTrip(pool, [uuidOf('hold', buyer, key), buyer, quantity]),
      books: () => booksOf(pool, sale, 'SELECT remaining FROM event'),
      close: () => pool.end(),
    };
  },
};
