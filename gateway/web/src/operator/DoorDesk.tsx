import type { CheckedIn } from '@onsale/shared/http/check-ins';
import type { Event } from '@onsale/shared/http/events';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { timeOfDay } from '../format.ts';
import { call } from '../net/call.ts';
import { Field } from '../ui/Field.tsx';
import { placeOf, tierName } from '../ui/ticket-words.ts';
import { t } from './texts.ts';

type Outcome = 'entered' | 'already' | 'invalid' | 'refused' | 'lost';
interface Scan {
  readonly n: number;
  readonly outcome: Outcome;
  readonly words: string;
  readonly atMs: number;
}

const kept = 10;

/**
 * The door, for a hand scanner: it types the code and presses Enter; the field is empty and has the focus again at once, and
 * what came of it is said large, and aloud. Scans are sent one after the other, in the order they came.
 */
export function DoorDesk({ eventId, event, token }: { eventId: string; event: Event | null; token: string }) {
  const [scans, setScans] = useState<readonly Scan[]>([]);
  const [waiting, setWaiting] = useState(0);
  const field = useRef<HTMLFormElement>(null);
  const queue = useRef<Promise<void>>(Promise.resolve());
  const count = useRef(0);

  const inputOf = () => field.current!.elements.namedItem('code') as HTMLInputElement;
  // Before the page is seen: a scanner does not wait.
  useLayoutEffect(() => inputOf().focus(), []);

  function submit(submitted: SubmitEvent): void {
    submitted.preventDefault();
    const input = inputOf();
    const code = input.value.trim();
    input.value = '';
    input.focus();
    if (code === '') return;
    setWaiting((n) => n + 1);
    queue.current = queue.current.then(async () => {
      const scan = await scanned({ code, eventId }, event, token);
      count.current += 1;
      setScans((before) => [{ ...scan, n: count.current, atMs: Date.now() }, ...before].slice(0, kept));
      setWaiting((n) => n - 1);
    });
  }

  const [last, ...earlier] = scans;
  return (
    <div class="panel door">
      <h2>{t.desk.door.title}</h2>
      <form ref={field} noValidate onSubmit={submit}>
        <Field
          name="code"
          label={t.desk.door.code}
          hint={t.desk.door.hint}
          fault={null}
          input={{ autoComplete: 'off', autoCapitalize: 'off', spellcheck: false }}
        />
        <button type="submit" class="button primary">
          {t.desk.door.check}
        </button>
      </form>
      <div class="scan-answer" role="alert" data-scan={waiting > 0 ? 'checking' : (last?.outcome ?? 'none')}>
        {waiting > 0 && <p class="scan checking">{t.desk.door.checking}</p>}
        {waiting === 0 && last === undefined && <p class="scan none">{t.desk.door.ready}</p>}
        {waiting === 0 && last !== undefined && (
          <p class={`scan ${last.outcome}`} key={last.n}>
            <strong class="scan-word">{t.desk.door.outcome[last.outcome]}</strong>
            <span>{last.words}</span>
          </p>
        )}
      </div>
      {earlier.length > 0 && (
        <>
          <h3>{t.desk.door.earlier}</h3>
          <ol class="rows">
            {earlier.map((scan) => (
              <li key={scan.n} class="row">
                <span class={`badge ${toneOf[scan.outcome]}`}>{t.desk.door.outcome[scan.outcome]}</span>
                <span>{scan.words}</span>
                <span class="hint">{timeOfDay(scan.atMs)}</span>
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

const toneOf: Record<Outcome, string> = {
  entered: 'open',
  already: 'paused',
  invalid: 'closed',
  refused: 'closed',
  lost: 'paused',
};

async function scanned(
  asked: { code: string; eventId: string },
  event: Event | null,
  token: string,
): Promise<Pick<Scan, 'outcome' | 'words'>> {
  const answer = await call<CheckedIn>('POST', '/api/v1/operator/check-ins', { token, body: asked });
  if (answer.outcome === 'answered') {
    const { tierId, ...ticket } = answer.value;
    return { outcome: 'entered', words: `${tierName(event, tierId)}, ${placeOf(ticket)}` };
  }
  if (answer.outcome !== 'refused') return { outcome: 'lost', words: t.desk.door.lost };
  const { code, title, detail, checkedInAtMs } = answer.problem;
  if (code === 'alreadyCheckedIn') {
    return {
      outcome: 'already',
      words: checkedInAtMs === undefined ? title : t.desk.door.at(timeOfDay(checkedInAtMs)),
    };
  }
  if (code === 'ticketNotValid') return { outcome: 'invalid', words: t.desk.door.givenBack };
  if (code === 'tokenInvalid' || code === 'malformed') {
    return {
      outcome: 'invalid',
      words: detail === undefined ? t.desk.door.noTicket : t.desk.door.otherEvent,
    };
  }
  return { outcome: 'refused', words: `${title}.` };
}
