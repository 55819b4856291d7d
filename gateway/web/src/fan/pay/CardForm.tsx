import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../texts.ts';
import type { PayFormProps } from './props.ts';
import { type CardField, loadStripe, type StripeJs } from './stripe-js.ts';

type Field = { readonly stripe: StripeJs; readonly card: CardField };

/** The card is entered into Stripe's own frame: its number never is in our page. What it becomes, an id, is what is paid with. */
export function CardForm({
  publishableKey,
  label,
  busy,
  disabled,
  onPay,
}: PayFormProps & { publishableKey: string }) {
  const frame = useRef<HTMLDivElement>(null);
  const [field, setField] = useState<Field | null>(null);
  const [round, setRound] = useState(0);
  const [lost, setLost] = useState(false);
  const [fault, setFault] = useState('');
  const [asking, setAsking] = useState(false);

  useEffect(() => {
    let over = false;
    let card: CardField | undefined;
    const lose = (): void => {
      if (!over) setLost(true);
    };
    const show = async (): Promise<void> => {
      const stripe = await loadStripe(publishableKey);
      if (over || frame.current === null) return;
      const made = stripe.elements().create('card', { hidePostalCode: true });
      card = made;
      made.on('ready', () => setField({ stripe, card: made }));
      made.on('loaderror', lose);
      made.mount(frame.current);
    };
    show().catch(lose);
    return () => {
      over = true;
      card?.destroy();
      setField(null);
    };
  }, [publishableKey, round]);

  const submit = async (): Promise<void> => {
    if (field === null || asking || disabled) return;
    setAsking(true);
    setFault('');
    try {
      const { paymentMethod, error } = await field.stripe.createPaymentMethod({
        type: 'card',
        card: field.card,
      });
      if (paymentMethod === undefined) setFault(error?.message ?? t.paying.card.fault);
      else onPay(paymentMethod.id as `pm_${string}`);
    } catch {
      setFault(t.paying.card.fault);
    } finally {
      setAsking(false);
    }
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <fieldset class="cards" disabled={busy}>
        <legend>{t.paying.card.title}</legend>
        <p class="hint">{t.paying.card.hint}</p>
        <div class="card-frame" ref={frame} />
      </fieldset>
      {fault !== '' && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      {lost && (
        <p class="fault" role="alert">
          {t.paying.card.lost}{' '}
          <button
            type="button"
            class="button plain"
            onClick={() => {
              setLost(false);
              setRound((n) => n + 1);
            }}
          >
            {t.paying.card.again}
          </button>
        </p>
      )}
      <button type="submit" class="button primary big" disabled={disabled || asking || field === null}>
        {label}
      </button>
      <p class="busy" role="status">
        {busy || asking ? t.paying.busy : ''}
      </p>
    </form>
  );
}
