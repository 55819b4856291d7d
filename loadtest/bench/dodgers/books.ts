import { onServer } from '../../../bin/stack/database.ts';
import { EVENT } from './stadium.ts';

/** What the database says of the tickets: on lines of paid orders, and how many of these are on another one too. */
export interface Booked {
  readonly sold: number;
  readonly twice: number;
  readonly admitted: number;
}

export const booksOf = (databaseUrl: string): Promise<Booked> =>
  onServer(databaseUrl, async (client) => {
    const { rows } = await client.query<Booked>(
      `select count(l.ticket)::int as sold, (count(l.ticket) - count(distinct l.ticket))::int as twice,
         (select count(*)::int from admissions where event = $1) as admitted
       from orders o join order_lines l on l."order" = o.id and l.live where o.event = $1 and o.state = 'paid'`,
      [EVENT],
    );
    return rows[0]!;
  });
