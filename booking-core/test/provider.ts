import type { Provider } from '../src/payments/provider.ts';

/** What goes wrong with one call: before it reaches the provider, or after the provider has done it. */
export type Mishap = 'none' | 'lostBefore' | 'lostAfter' | 'hangsAfter';

export interface FaultyProvider extends Provider {
  /** Mishaps of the calls to come, in order; then none. */
  readonly mishaps: Mishap[];
  /** Calls that reached the provider. */
  readonly calls: Array<{ step: 'charge' | 'status' | 'cancel' | 'refund'; id: string }>;
  /** Run just before a charge reaches the provider. */
  beforeCharge: () => Promise<void>;
}

/** A real provider at the end of a bad line. */
export function faulty(provider: Provider): FaultyProvider {
  const mishaps: Mishap[] = [];
  const calls: FaultyProvider['calls'] = [];

  const over = async <T>(
    step: 'charge' | 'status' | 'cancel' | 'refund',
    id: string,
    call: () => Promise<T>,
  ): Promise<T> => {
    const mishap = mishaps.shift() ?? 'none';
    if (mishap === 'lostBefore') throw new Error('the line was cut on the way there');
    const answer = await call();
    calls.push({ step, id });
    if (mishap === 'lostAfter') throw new Error('the line was cut on the way back');
    if (mishap === 'hangsAfter') return new Promise<never>(() => {});
    return answer;
  };

  const made: FaultyProvider = {
    name: provider.name,
    offer: provider.offer,
    mishaps,
    calls,
    beforeCharge: async () => {},
    charge: (charge, note) =>
      over('charge', charge.id, async () => {
        await made.beforeCharge();
        return provider.charge(charge, note);
      }),
    cancel: (charge, note) => over('cancel', charge.id, () => provider.cancel(charge, note)),
    status: (charge) => over('status', charge.id, () => provider.status(charge)),
    refund: (charge, amountMinor, refundId) =>
      over('refund', charge.id, () => provider.refund(charge, amountMinor, refundId)),
    webhook: provider.webhook,
  };
  return made;
}
