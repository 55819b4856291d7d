import { sql } from 'kysely';
import type { Breach, Invariant } from '../sale.ts';

/**
 * Computed here anew, with decimals, not with the function that orders and lines were made by. A tier's price is not changed
 * once its event has an order: the database refuses it. Comps cost nothing: comps.ts judges them.
 */
export const linesCostWhatTheirTierSays: Invariant = {
  id: 'lines-cost-what-their-tier-says',
  rule: 'PAY-15',
  promise:
    'Every ticket sold costs the price, fee and tax of its tier, rounded half up, and an order the sum of its tickets',
  check: async ({ db, events }) => {
    const { rows } = await sql<Breach>`
      with wanted as (
        select o.event, l.*, i.price_minor as face, i.fee_minor as fee,
          round((i.price_minor + i.fee_minor) * i.tax_basis_points::numeric
            / (10000 + case when i.tax_included then i.tax_basis_points else 0 end))::int as tax,
          i.tax_included as contained
        from orders o
          join holds h on h.id = o.hold and h.turn > 0
          join order_lines l on l."order" = o.id
          join tickets t on t.id = l.ticket
          join tiers i on i.event = t.event and i.id = t.tier
        where o.event = any(${events})
      )
      select event, "order", 'ticket ' || ticket as what, price_minor, fee_minor, tax_minor, total_minor
      from wanted
      where (price_minor, fee_minor, tax_minor, total_minor)
        is distinct from (face, fee, tax, face + fee + case when contained then 0 else tax end)
      union all
      select o.event, o.id, 'the order', o.face_minor, o.fees_minor, o.tax_minor, o.total_minor
      from orders o join (
        select l."order", sum(l.price_minor) as face, sum(l.fee_minor) as fees, sum(l.tax_minor) as tax,
          sum(l.total_minor) as total
        from order_lines l group by l."order"
      ) as lines on lines."order" = o.id
      where o.event = any(${events})
        and (o.face_minor, o.fees_minor, o.tax_minor, o.total_minor) is distinct from (face, fees, tax, total)`.execute(
      db,
    );
    return rows;
  },
};
