import type { FunctionComponent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Fan, type Showing, showing } from '../fan/fan.ts';
import { type Flow, startFlow } from '../fan/flow.ts';
import { Held } from '../fan/views/Held.tsx';
import { Offered } from '../fan/views/Offered.tsx';
import { Panel } from '../fan/views/Panel.tsx';
import { Pausing } from '../fan/views/Pausing.tsx';
import { Paying } from '../fan/views/Paying.tsx';
import { Shopping } from '../fan/views/Shopping.tsx';
import { Steps } from '../fan/views/Steps.tsx';
import { Stopped } from '../fan/views/Stopped.tsx';
import { Summary } from '../fan/views/Summary.tsx';
import { Tickets } from '../fan/views/Tickets.tsx';
import { TroubleBanner } from '../fan/views/TroubleBanner.tsx';
import type { ViewProps } from '../fan/views/view.ts';
import { Waiting } from '../fan/views/Waiting.tsx';
import { t } from '../texts.ts';
import { EventHeader } from '../ui/EventHeader.tsx';
import { Frame } from '../ui/Frame.tsx';
import { RehearsalNote } from '../ui/RehearsalNote.tsx';

const views: Record<Fan['step']['at'], FunctionComponent<ViewProps>> = {
  resuming: Pausing,
  event: Summary,
  joining: Pausing,
  waiting: Waiting,
  offered: Offered,
  shopping: Shopping,
  held: Held,
  paying: Paying,
  tickets: Tickets,
  stopped: Stopped,
};

/** The fan's whole way through one event. */
export function FanPage({ eventId }: { eventId: string }) {
  const flow = useRef<Flow | null>(null);
  const [fan, setFan] = useState<Fan | null>(null);
  useEffect(() => {
    const started = startFlow(eventId, () => setFan(flow.current?.fan() ?? null));
    flow.current = started;
    setFan(started.fan());
    return () => started.stop();
  }, [eventId]);
  const title = fan === null ? t.brand : documentTitle(fan);
  useEffect(() => {
    document.title = title;
  }, [title]);

  if (fan === null) return <Frame>{null}</Frame>;
  const name = showing(fan);
  // Without the event's words nothing but the neutral moment can be shown, whatever is known of the fan.
  const ready = fan.event !== null || fan.step.at === 'stopped';
  const View = ready ? views[fan.step.at] : Pausing;
  const dispatch = flow.current!.dispatch;
  return (
    <Frame>
      {fan.trouble !== null && (
        <TroubleBanner trouble={fan.trouble} onTry={() => dispatch({ type: 'tryNow' })} />
      )}
      <RehearsalNote event={fan.event} />
      <article class="sale" aria-busy={fan.request !== null}>
        {fan.event !== null && <EventHeader event={fan.event} />}
        <Panel
          name={ready ? name : 'resuming'}
          title={titles[ready ? name : 'resuming']}
          tone={tones[name]}
          quiet={quiet.has(name) || !ready}
          alone={fan.event === null}
        >
          <Steps at={fan.step.at} />
          <View fan={fan} dispatch={dispatch} />
        </Panel>
      </article>
    </Frame>
  );
}

const titles: Record<Showing, string> = {
  resuming: t.resuming.title,
  event: t.event.prices,
  joining: t.joining.title,
  waiting: t.waiting.title,
  passedOver: t.passedOver.title,
  inDraw: t.draw.title,
  paused: t.paused.title,
  closedWhileWaiting: t.closedWhileWaiting.title,
  preOpening: t.preOpening.title,
  ended: t.ended.title,
  healing: t.healing.title,
  soldOut: t.soldOut.title,
  offered: t.offered.title,
  shopping: t.shopping.title,
  held: t.held.title,
  paying: t.paying.title,
  declined: t.paying.declined,
  tickets: t.tickets.title,
  lapsed: t.stopped.lapsed.title,
  sessionExpired: t.stopped.sessionExpired.title,
  holdExpired: t.stopped.holdExpired.title,
  refunded: t.stopped.refunded.title,
  cancelled: t.stopped.cancelled.title,
  turnsSpent: t.stopped.turnsSpent.title,
  ordered: t.stopped.ordered.title,
  removed: t.stopped.removed.title,
  revoked: t.stopped.revoked.title,
  eventUnknown: t.stopped.eventUnknown.title,
};

const quiet = new Set<Showing>(['resuming', 'joining']);
const tones: Partial<Record<Showing, 'turn' | 'good' | 'bad'>> = {
  offered: 'turn',
  passedOver: 'turn',
  tickets: 'good',
  declined: 'bad',
};

function documentTitle({ step, event }: Fan): string {
  if (event === null) return t.brand;
  if (step.at === 'waiting' && step.status.place !== null) {
    return t.waiting.documentTitle(step.status.place, event.name);
  }
  if (step.at === 'offered') return t.offered.documentTitle(event.name);
  if (step.at === 'tickets') return t.tickets.documentTitle(event.name);
  return `${event.name} · ${t.brand}`;
}
