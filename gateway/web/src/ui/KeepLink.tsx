import type { OrderAccess } from '../fan/kept.ts';
import { t } from '../texts.ts';

export const orderHref = ({ orderId, orderToken }: OrderAccess): string => `/orders/${orderId}#${orderToken}`;

/** The address that opens the tickets again. */
export function KeepLink({ access }: { access: OrderAccess }) {
  return (
    <p class="keep-link screen-only">
      {t.tickets.keep} <a href={orderHref(access)}>{t.tickets.link}</a>
    </p>
  );
}
