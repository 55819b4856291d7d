import { t } from '../../texts.ts';

/** How many: two large buttons, and the number between them. */
export function Quantity(props: { value: number; max: number; onChange: (value: number) => void }) {
  const { value, max, onChange } = props;
  return (
    <fieldset class="quantity">
      <legend>{t.shopping.quantity}</legend>
      <button
        type="button"
        class="stepper"
        aria-label={t.shopping.fewer}
        disabled={value <= 1}
        onClick={() => onChange(value - 1)}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M5 12h14" />
        </svg>
      </button>
      <output class="quantity-value" aria-live="polite">
        {t.number(value)}
      </output>
      <button
        type="button"
        class="stepper"
        aria-label={t.shopping.more}
        disabled={value >= max}
        onClick={() => onChange(value + 1)}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M5 12h14M12 5v14" />
        </svg>
      </button>
      <p class="hint">{t.shopping.limit(max)}</p>
    </fieldset>
  );
}
