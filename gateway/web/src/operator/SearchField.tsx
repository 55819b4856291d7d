import { useState } from 'preact/hooks';
import { Field } from '../ui/Field.tsx';
import { t } from './texts.ts';

export function SearchField(props: {
  label: string;
  hint: string;
  fault: string | null;
  onSearch: (typed: string) => void;
}) {
  const [typed, setTyped] = useState('');
  return (
    <form
      class="search"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        props.onSearch(typed);
      }}
    >
      <Field
        name="search"
        label={props.label}
        hint={props.hint}
        fault={props.fault}
        input={{
          autoComplete: 'off',
          autoCapitalize: 'off',
          spellcheck: false,
          value: typed,
          onInput: (event) => setTyped(event.currentTarget.value),
        }}
      />
      <button type="submit" class="button primary">
        {t.desk.find}
      </button>
    </form>
  );
}
