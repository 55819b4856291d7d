import type { Taken } from '@onsale/shared/http/removals';
import { useState } from 'preact/hooks';
import { Field } from '../ui/Field.tsx';
import { ActNote } from './ActNote.tsx';
import { placeAskedFor } from './place-asked-for.ts';
import { mayManage } from './role.ts';
import { t } from './texts.ts';
import { useAct } from './use-act.ts';
import { WhyDialog } from './WhyDialog.tsx';

type Taking = 'remove' | 'revoke1' | 'revoke2';

/** Takes a fan's place out of the line, or ends one of his turns. */
export function PlacesDesk({ eventId, token }: { eventId: string; token: string }) {
  const [typed, setTyped] = useState('');
  const [taking, setTaking] = useState<Taking | null>(null);
  const { act, send } = useAct<Taken>(token);
  const who = placeAskedFor(typed);
  const may = mayManage(token);

  async function take(what: Taking, why: string): Promise<void> {
    const path = `/api/v1/operator/rooms/${eventId}`;
    if (who === null) return;
    if (what === 'remove') await send('POST', `${path}/removals`, { ...who, why });
    else await send('POST', `${path}/revocations`, { ...who, turn: what === 'revoke1' ? 1 : 2, why });
  }
  const button = (what: Taking, needsPlace: boolean) => (
    <button
      type="button"
      class="button danger"
      disabled={!may || who === null || (needsPlace && !('place' in who)) || act.at === 'sending'}
      onClick={() => setTaking(what)}
    >
      {t.places[what]}
    </button>
  );

  return (
    <div class="panel">
      <h2>{t.places.title}</h2>
      <p class="hint">{may ? t.places.text : t.operator.managersOnly}</p>
      <Field
        name="place"
        label={t.places.who}
        hint={t.places.whoHint}
        fault={typed.trim() !== '' && who === null ? t.places.unclear : null}
        input={{
          autoComplete: 'off',
          autoCapitalize: 'off',
          spellcheck: false,
          value: typed,
          onInput: (event) => setTyped(event.currentTarget.value),
        }}
      />
      <div class="actions">
        {button('remove', false)}
        {button('revoke1', true)}
        {button('revoke2', true)}
      </div>
      <ActNote act={act} done={({ gaveUp }) => (gaveUp ? t.places.done : t.places.doneNothing)} />
      {taking !== null && (
        <WhyDialog
          title={t.places[taking]}
          text={taking === 'remove' ? t.places.removeText : t.places.revokeText}
          yes={t.places[taking]}
          onYes={(why) => void take(taking, why)}
          onClose={() => setTaking(null)}
        />
      )}
    </div>
  );
}
