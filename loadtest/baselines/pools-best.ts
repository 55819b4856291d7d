import { uuidOf } from '@onsale/shared/ids';
import { BOOKINGS, BUYERS, booksOf, claimInOneTrip, connect, NOTHING_LEFT } from './bookings.ts';
import { POOL_SIZE, POOLS } from './pools.ts';
import type { Strategy } from './strategy.ts';

/**
 * Pools at their best: limit, booking and pool in one function, one round trip, the pool's row last, so that it is
 * locked for the commit alone, and several pools share an fsync. A random pool first; if it has too few, the others in a
 * circle from there, so that "nothing left" is true.
 * Its limits: a hold cannot span pools; no seats; counters do not expire by themselves.
 */
const CLAIM = (pools: number, buyerLimit: number): string => `
  CREATE FUNCTION claim(p_id uuid, p_buyer uuid, p_quantity integer) RETURNS text LANGUAGE plpgsql AS $$
  DECLARE
    v_first integer := floor(random() * ${pools});
  BEGIN
    INSERT INTO buyer AS b VALUES (p_buyer, p_quantity)
      ON CONFLICT (id) DO UPDATE SET quantity = b.quantity + p_quantity WHERE b.quantity + p_quantity <= ${buyerLimit};
    IF NOT FOUND THEN
      RETURN CASE WHEN EXISTS (SELECT FROM booking WHERE id = p_id) THEN 'held' ELSE 'overLimit' END;
    END IF;
    INSERT INTO booking (id, buyer, quantity) VALUES (p_id, p_buyer, p_quantity) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      UPDATE buyer SET quantity = quantity - p_quantity WHERE id = p_buyer;
      RETURN 'held';
    END IF;
    FOR v_step IN 0..${pools - 1} LOOP
      UPDATE pool SET remaining = remaining - p_quantity
        WHERE id = (v_first + v_step) % ${pools} AND remaining >= p_quantity;
      IF FOUND THEN RETURN 'held'; END IF;
    END LOOP;
    RAISE EXCEPTION 'nothing left' USING ERRCODE = '${NOTHING_LEFT}';
  END $$;
`;

export const poolsBest: Strategy = {
  name: 'pools, best',
  database: 'empty',
  async open(databaseUrl, sale) {
    const count = Math.ceil(sale.capacity / POOL_SIZE);
    const pool = await connect(
      databaseUrl,
      `${BOOKINGS} ${BUYERS} ${POOLS(sale.capacity)} ${CLAIM(count, sale.buyerLimit)}`,
    );
    return {
      claim: ({ buyer, key, quantity }) =>
        claimInOneTrip(pool, [uuidOf('hold', buyer, key), buyer, quantity]),
      books: () => booksOf(pool, sale, 'SELECT sum(remaining) FROM pool'),
      close: () => pool.end(),
    };
  },
};
