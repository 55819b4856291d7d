import type { InputHTMLAttributes } from 'preact';

/** A labelled input; what is wrong with it is tied to it. */
export function Field(props: {
  name: string;
  label: string;
  hint?: string;
  unit?: string;
  fault: string | null;
  input: InputHTMLAttributes<HTMLInputElement>;
}) {
  const { name, label, hint, unit, fault, input } = props;
  const id = `field-${name}`;
  const described = [
    hint === undefined ? '' : `${id}-hint`,
    unit === undefined ? '' : `${id}-unit`,
    fault === null ? '' : `${id}-fault`,
  ]
    .filter(Boolean)
    .join(' ');
  return (
    <div class={fault === null ? 'field' : 'field wrong'}>
      <label for={id}>{label}</label>
      <span class="field-input">
        <input
          {...input}
          id={id}
          name={name}
          aria-invalid={fault !== null}
          {...(described === '' ? {} : { 'aria-describedby': described })}
        />
        {unit !== undefined && (
          <span id={`${id}-unit`} class="field-unit">
            {unit}
          </span>
        )}
      </span>
      {hint !== undefined && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
      {fault !== null && (
        <p id={`${id}-fault`} class="fault">
          {fault}
        </p>
      )}
    </div>
  );
}
