import { useEffect, useRef, useState } from 'preact/hooks';
import { Panel } from '../fan/views/Panel.tsx';
import { call, type Lost } from '../net/call.ts';
import { t } from '../texts.ts';
import { emailFault } from '../ui/email.ts';
import { Field } from '../ui/Field.tsx';
import { Frame } from '../ui/Frame.tsx';
import { Notice } from '../ui/Notice.tsx';

/** Orders found again: links to them go to the address they were bought with, and nobody here learns whether there are any. */
export function FindOrdersPage() {
  const [asked, setAsked] = useState<string | null>(null);
  useEffect(() => {
    document.title = `${t.find.title} · ${t.brand}`;
  }, []);
  return (
    <Frame>
      {asked === null ? (
        <Panel name="findOrders" title={t.find.title} alone>
          <p>{t.find.lead}</p>
          <Ask onAsked={setAsked} />
        </Panel>
      ) : (
        <Panel name="ordersAsked" title={t.find.asked} tone="good" alone>
          <p>{t.find.askedText(asked)}</p>
          <p>{t.find.nothing}</p>
          <button type="button" class="button secondary" onClick={() => setAsked(null)}>
            {t.find.other}
          </button>
        </Panel>
      )}
    </Frame>
  );
}

function Ask({ onAsked }: { onAsked: (email: string) => void }) {
  const form = useRef<HTMLFormElement>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [lost, setLost] = useState<Lost['kind'] | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const email = String(new FormData(form.current!).get('email')).trim();
    const found = emailFault(email);
    setFault(found);
    setLost(null);
    if (found !== null) {
      form.current!.querySelector<HTMLInputElement>('[name=email]')!.focus();
      return;
    }
    setBusy(true);
    const answer = await call<null>('POST', '/api/v1/order-links', { body: { email } });
    setBusy(false);
    if (answer.outcome === 'answered') onAsked(email);
    else if (answer.outcome === 'refused') setFault(t.held.emailWrong);
    else if (answer.outcome === 'lost') setLost(answer.lost.kind);
  }

  return (
    <form ref={form} noValidate onSubmit={submit}>
      <Field
        name="email"
        label={t.held.email}
        fault={fault}
        input={{ type: 'email', autoComplete: 'email', inputMode: 'email' }}
      />
      {lost !== null && (
        <Notice tone="warn" alert>
          <p>{lost === 'tooMany' ? t.find.tooMany : t.find.away}</p>
        </Notice>
      )}
      <button type="submit" class="button primary big" disabled={busy} aria-busy={busy}>
        {t.find.ask}
      </button>
    </form>
  );
}
