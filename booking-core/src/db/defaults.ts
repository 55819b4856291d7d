import { limits } from '@onsale/shared/limits';
import pg from 'pg';

/**
 * What a session of the core must find, set where every connection gets it: at the role in this database (which wins over
 * whatever the server, the database or the role says elsewhere), and at the database for other roles. PgBouncer has no
 * part in it: its own connections to the server begin with these too. Nothing here is sent by a client, since PgBouncer
 * refuses startup parameters and would leave a `set` with whoever comes next.
 *
 * Postgres does not copy them with a template database, nor does a dump of one database carry them: `migrate` settles them
 * each time.
 */
export const sessionDefaults = {
  default_transaction_isolation: 'read committed',
  statement_timeout: `${limits.sqlStatementTimeoutMs}ms`,
} as const;

/**
 * Writes the defaults down where they are not so yet; sessions that begin from then on have them. Inside a transaction that
 * holds the migrations' lock: two at once would fail over one row of the catalog.
 */
export async function settleDefaults(client: Pick<pg.Client, 'query'>): Promise<void> {
  const { rows } = await client.query<{
    name: string;
    role: string;
    owned: boolean;
    wanted: string[] | null;
    any: string[] | null;
  }>(
    `select current_database() name, current_user role, pg_has_role(d.datdba, 'usage') owned,
      (select setconfig from pg_db_role_setting where setdatabase = d.oid and setrole = r.oid) wanted,
      (select setconfig from pg_db_role_setting where setdatabase = d.oid and setrole = 0) "any"
    from pg_database d, pg_roles r where d.datname = current_database() and r.rolname = current_user`,
  );
  const { name, role, owned, wanted, any } = rows[0]!;
  const database = pg.escapeIdentifier(name);
  const places = [
    { settings: wanted, alter: `alter role ${pg.escapeIdentifier(role)} in database ${database}` },
    ...(owned ? [{ settings: any, alter: `alter database ${database}` }] : []),
  ];
  for (const { settings, alter } of places) {
    for (const [setting, value] of Object.entries(sessionDefaults)) {
      if (settings?.includes(`${setting}=${value}`)) continue;
      await client.query(`${alter} set ${setting} = ${pg.escapeLiteral(value)}`);
    }
  }
}
