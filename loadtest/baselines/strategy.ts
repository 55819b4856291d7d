/**
 * A way of selling one hot event on Postgres. Ours and the baselines stand behind this one interface, so that the same
 * buyers come to all of them, with the same number of connections.
 */
export interface Strategy {
  readonly name: string;
  /** What it is given: an empty database for its own tables, or one with the core's. */
  readonly database: 'empty' | 'migrated';
  /**
   * Makes the tables it lacks, puts the tickets on sale, connects. Again on the same database it is a new process
   * after the first one died: it goes on with what that one left.
   * @param redisUrl for designs that need one; each uses keys of its own and takes them away when it closes.
   */
  open(databaseUrl: string, sale: Sale, redisUrl: string): Promise<Shop>;
}

export interface Sale {
  readonly capacity: number;
  readonly buyerLimit: number;
}

export interface Ask {
  /** A uuid. */
  readonly buyer: string;
  /** The Idempotency-Key: the same buyer asking with the same key means the same hold. */
  readonly key: string;
  readonly quantity: number;
}

/** `held` also for a repeat of what was held. */
export type Answer = 'held' | 'notEnough' | 'overLimit';

export interface Shop {
  claim(ask: Ask): Promise<Answer>;
  books(): Promise<Books>;
  close(): Promise<void>;
}

/** What the database says at the end, counted by SQL from its rows. */
export interface Books {
  /** Holds, and the tickets in them. */
  readonly holds: number;
  readonly held: number;
  /** Tickets still on sale. */
  readonly left: number;
  /** Tickets that stand in two holds, where tickets can be told apart. */
  readonly heldTwice: number;
  /** Buyers with more than the limit. */
  readonly overLimit: number;
}
