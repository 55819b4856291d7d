import type { PaymentOptions } from '@onsale/shared/http/payment-options';
import { money } from '../../format.ts';
import { useRead } from '../../net/use-read.ts';
import { t } from '../../texts.ts';
import type { ViewProps } from '../views/view.ts';
import { CardForm } from './CardForm.tsx';
import type { PayFormProps } from './props.ts';
import { SandboxForm } from './SandboxForm.tsx';

/** Who takes the payments of rehearsals, whoever takes those of sales. */
const forRehearsals: PaymentOptions = { provider: 'sandbox' };

/** The form of whoever takes the money here. Read when it is needed: it is the same for every fan. */
export function PayForm({ fan, dispatch }: ViewProps) {
  const isRehearsal = fan.event?.rehearsal === true;
  const { value } = useRead<PaymentOptions>(isRehearsal ? null : '/api/v1/payment-options', null, null);
  const options = isRehearsal ? forRehearsals : value;
  if (fan.step.at !== 'paying') return null;
  if (options === null) {
    return (
      <p class="busy" role="status">
        {t.paying.loading}
      </p>
    );
  }
  const { totalMinor, currency } = fan.step.order;
  const props: PayFormProps = {
    label: t.paying.pay(money(totalMinor, currency)),
    busy: fan.request?.kind === 'pay',
    disabled: fan.request !== null,
    onPay: (method) => dispatch({ type: 'pay', method }),
  };
  return options.provider === 'stripe' ? (
    <CardForm {...props} publishableKey={options.stripePublishableKey} />
  ) : (
    <SandboxForm {...props} />
  );
}
