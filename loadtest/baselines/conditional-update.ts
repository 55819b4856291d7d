import { uuidOf } from '@onsale/shared/ids';
import type pg from 'pg';
import { BOOKINGS, BUYERS, booksOf, claimInOneTrip, connect, NOTHING_LEFT } from './bookings.ts';
import type { Sale, Strategy } from './strategy.ts';

/**
 * Hot conditional update: `UPDATE event SET remaining = remaining - n WHERE remaining >= n`, no lock of its own. In its
 * best form: one function, one round trip, the hot row last, so that it is locked for the commit alone.
 * The limit cannot be a sum here (nothing is locked yet when it is read), so each buyer has a row that is changed only
 * while it stays within the limit. Locks are always taken buyer first, event second: no deadlock.
 * Its limits: the hot row is locked through the commit's fsync all the same; no seats, no expiry.
 */
const CLAIM = (buyerLimit: number): string => `
  CREATE FUNCTION claim(p_id uuid, p_buyer uuid, p_quantity integer) RETURNS text LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO buyer AS b VALUES (p_buyer, p_quantity)
      ON CONFLICT (id) DO UPDATE SET quantity = b.quantity + p_quantity WHERE b.quantity + p_quantity <= ${buyerLimit};
    IF NOT FOUND THEN
      -- Over the limit, or a repeat of what he has. Nothing was changed.
      RETURN CASE WHEN EXISTS (SELECT FROM booking WHERE id = p_id) THEN 'held' ELSE 'overLimit' END;
    END IF;
    INSERT INTO booking (id, buyer, quantity) VALUES (p_id, p_buyer, p_quantity) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      UPDATE buyer SET quantity = quantity - p_quantity WHERE id = p_buyer;
      RETURN 'held';
    END IF;
    UPDATE event SET remaining = remaining - p_quantity WHERE id = 1 AND remaining >= p_quantity;
    IF NOT FOUND THEN RAISE EXCEPTION 'nothing left' USING ERRCODE = '${NOTHING_LEFT}'; END IF;
    RETURN 'held';
  END $$;
`;

/** The tables and the function, `claim(id, buyer, quantity)`. */
export const connectConditionalUpdate = (databaseUrl: string, sale: Sale): Promise<pg.Pool> =>
  connect(
    databaseUrl,
    `${BOOKINGS} ${BUYERS} ${CLAIM(sale.buyerLimit)}
     CREATE TABLE event (id integer PRIMARY KEY, remaining integer NOT NULL CHECK (remaining >= 0)) WITH (fillfactor = 10);
     INSERT INTO event VALUES (1, ${sale.capacity});`,
  );

export const conditionalUpdate: Strategy = {
  name: 'conditional update',
  database: 'empty',
  async open(databaseUrl, sale) {
    const pool = await connectConditionalUpdate(databaseUrl, sale);
    return {
      claim: ({ buyer, key, quantity }) =>
        claimInOneTrip(pool, [uuidOf('hold', buyer, key), buyer, quantity]),
      books: () => booksOf(pool, sale, 'SELECT remaining FROM event'),
      close: () => pool.end(),
    };
  },
};
