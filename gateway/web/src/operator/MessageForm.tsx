import type { OperatorRoom } from '@onsale/shared/http/operator';
import { useState } from 'preact/hooks';
import { Field } from '../ui/Field.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ChangeNote } from './ChangeNote.tsx';
import { faultOf, languagesMax, messageOf, type Row, rowsOf } from './message-draft.ts';
import { t } from './texts.ts';
import { useChange } from './use-change.ts';

/** What waiting fans are told, by language, as they will see it. Every one of them has it within a second. */
export function MessageForm(props: { room: OperatorRoom; token: string; onChanged: () => void }) {
  const { policy } = props.room;
  const { change, changeRoom } = useChange(policy.eventId, props.token, props.onChanged);
  const [draft, setDraft] = useState<readonly Row[] | null>(null);
  const rows = draft ?? rowsOf(policy.message);
  const faults = rows.map((row) => faultOf(row, rows));
  const message = messageOf(rows);
  const changed = JSON.stringify(message) !== JSON.stringify(policy.message);
  const set = (index: number, part: Partial<Row>): void =>
    setDraft(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));

  async function tell(what: typeof message): Promise<void> {
    if (await changeRoom({ message: what })) setDraft(null);
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (faults.every((fault) => fault === null) && changed) void tell(message);
      }}
    >
      <h3>{t.message.title}</h3>
      <p class="hint">{t.message.text}</p>
      {rows.map((row, index) => (
        <div key={index} class="message-row">
          <Field
            name={`message-language-${index}`}
            label={t.message.language}
            fault={
              faults[index] === 'language' || faults[index] === 'twice'
                ? faults[index] === 'twice'
                  ? t.message.twice
                  : t.message.languageWrong
                : null
            }
            input={{
              value: row.language,
              maxLength: 5,
              autoComplete: 'off',
              spellcheck: false,
              onInput: (event) => set(index, { language: event.currentTarget.value.trim() }),
            }}
          />
          <Field
            name={`message-text-${index}`}
            label={t.message.words}
            fault={faults[index] === 'long' ? t.message.long : null}
            input={{
              value: row.text,
              autoComplete: 'off',
              onInput: (event) => set(index, { text: event.currentTarget.value }),
            }}
          />
        </div>
      ))}
      {message !== null && (
        <div class="message-preview" data-preview>
          <p class="hint">{t.message.preview}</p>
          {Object.entries(message).map(([language, text]) => (
            <Notice key={language} tone="calm" title={`${t.waiting.message} · ${language}`}>
              <p lang={language} dir="auto">
                {text}
              </p>
            </Notice>
          ))}
        </div>
      )}
      <div class="actions">
        <button
          type="submit"
          class="button primary"
          disabled={
            !changed || message === null || change.at === 'sending' || faults.some((one) => one !== null)
          }
        >
          {t.message.tell}
        </button>
        <button
          type="button"
          class="button secondary"
          disabled={rows.length >= languagesMax}
          onClick={() => setDraft([...rows, { language: '', text: '' }])}
        >
          {t.message.more}
        </button>
        <button
          type="button"
          class="button plain"
          disabled={policy.message === null || change.at === 'sending'}
          onClick={() => void tell(null)}
        >
          {t.message.clear}
        </button>
      </div>
      <ChangeNote change={change} room={props.room} />
    </form>
  );
}
