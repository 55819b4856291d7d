/** What a run is told by its environment. */
export const settings = {
  url: (__ENV.ONSALE_URL ?? 'http://127.0.0.1:3000').replace(/\/$/, ''),
  /** Without it the stock is not checked at the end. */
  operatorToken: __ENV.ONSALE_OPERATOR_TOKEN ?? '',
  event: __ENV.ONSALE_EVENT ?? 'club-night',
  fans: number('FANS', 200),
  /** The fans come within this time, whether the sale keeps up or not. */
  arrivalSeconds: number('ARRIVAL_SECONDS', 10),
  /** How long one fan's sale may take. */
  patienceSeconds: number('PATIENCE_SECONDS', 180),
  thinkSeconds: number('THINK_SECONDS', 0.5),
  p99Ms: number('P99_MS', 500),
};

function number(name: string, otherwise: number): number {
  const given = __ENV[name];
  const value = given === undefined || given === '' ? otherwise : Number(given);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${name} must be a number above 0`);
  return value;
}
