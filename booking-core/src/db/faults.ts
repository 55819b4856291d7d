/** Deadlock detected, and serialization failure, as which claim_holds calls a batch off that would leave half a hold. */
const RETRYABLE = new Set(['40P01', '40001']);
/** Connection trouble, the server going down, too many connections, lock and statement timeouts. */
const OUTAGE = /^(08...|57P0[1-5]|53[0-9]{3}|55P03|57014|25P0[34])$/;
const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);
/** pg has no codes for these. */
const TEXTS =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/;
/** Data exceptions and violated constraints: something in the statement's own input. */
const DATA = /^2[23]...$/;

const codeOf = (fault: unknown): string | undefined => {
  const code = (fault as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
};

/** The SQLSTATE, when running the same work again may succeed. */
export function isRetryable(fault: unknown): string | undefined {
  const code = codeOf(fault);
  return code !== undefined && RETRYABLE.has(code) ? code : undefined;
}

/** Whether the database was away, cut off, or gave up waiting: nothing is wrong with the request. */
export function isOutage(fault: unknown): boolean {
  const code = codeOf(fault) ?? '';
  return OUTAGE.test(code) || SOCKET.has(code) || TEXTS.test((fault as Error | undefined)?.message ?? '');
}

/** Whether the input of the statement is at fault: classes 22 and 23. */
export const isDataFault = (fault: unknown): boolean => DATA.test(codeOf(fault) ?? '');
