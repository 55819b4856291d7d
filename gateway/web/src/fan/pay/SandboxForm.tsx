import { useState } from 'preact/hooks';
import { t } from '../../texts.ts';
import type { PaymentMethod } from '../kept.ts';
import type { PayFormProps } from './props.ts';

const methods = Object.keys(t.paying.methods) as Array<keyof typeof t.paying.methods>;

/** No money moves: the fan chooses how the test payment ends. */
export function SandboxForm({ label, busy, disabled, onPay }: PayFormProps) {
  const [method, setMethod] = useState<PaymentMethod>('sandboxApprove');
  return (
    <form
      onSubmit={(submit) => {
        submit.preventDefault();
        onPay(method);
      }}
    >
      <fieldset class="cards" disabled={busy}>
        <legend>{t.paying.method}</legend>
        <p class="hint">{t.paying.sandbox}</p>
        {methods.map((one) => (
          <label key={one} class="card">
            <input
              type="radio"
              name="method"
              value={one}
              checked={method === one}
              onChange={() => setMethod(one)}
            />
            <span class="card-words">
              <strong>{t.paying.methods[one].name}</strong>
              <span>{t.paying.methods[one].text}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <button type="submit" class="button primary big" disabled={disabled}>
        {label}
      </button>
      <p class="busy" role="status">
        {busy ? t.paying.busy : ''}
      </p>
    </form>
  );
}
