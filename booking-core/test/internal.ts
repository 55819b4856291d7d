import type { Problem } from '@onsale/shared/errors';
import { SERVICE_TOKEN, type TestSale } from './sale.ts';

/** Asks the internal port of a core, as our own processes do. */
export const internalOf =
  (sale: () => TestSale) =>
  async <T = object>(
    method: string,
    path: string,
    { body, core = 0 }: { body?: object; core?: number } = {},
  ): Promise<{ status: number; body: T & Partial<Problem> }> => {
    const response = await sale().cores[core]!.internalApp.request(path, {
      method,
      headers: {
        authorization: `Bearer ${SERVICE_TOKEN}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  };
