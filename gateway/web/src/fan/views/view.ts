import type { Command, Fan } from '../fan.ts';

/** What every view of a step is given. */
export interface ViewProps {
  readonly fan: Fan;
  readonly dispatch: (command: Command) => void;
}
