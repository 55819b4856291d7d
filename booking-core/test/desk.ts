import type { Answer, TestSale } from './sale.ts';
import { SERVICE_TOKEN } from './sale.ts';

/** The core's internal routes as the gateway asks them for an operator. */
export const deskOf =
  (sale: TestSale) =>
  async <T>(method: string, path: string, body: object, core = 0): Promise<Answer<T>> => {
    const response = await sale.cores[core]!.internalApp.request(`/internal/${path}`, {
      method,
      headers: { authorization: `Bearer ${SERVICE_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  };
