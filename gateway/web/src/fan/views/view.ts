import type { Event } from '@onsale/shared/http/events';
import type { Command, Fan } from '../fan.ts';

/** What every view of a step is given. */
export interface ViewProps {
  readonly fan: Fan;
  readonly dispatch: (command: Command) => void;
}

/** The same, where the event is known for sure. */
export interface ChooseProps extends ViewProps {
  readonly event: Event;
}
