import { limits } from '../limits.ts';

/** One part of a process: how it starts, and what gives it back. */
export interface Part {
  readonly name: string;
  start(): Promise<() => Promise<void>>;
}

/** Where the process says what it does; pino's shape. */
export interface LifecycleLog {
  info(about: object, text: string): void;
  error(about: object, text: string): void;
}

/**
 * Starts the parts in order and, at SIGTERM or SIGINT, stops them in reverse: the part that faces users is last to start
 * and first to drain. A part that does not stop within limits.drainMs, and any fault nobody caught, ends the process
 * with status 1: a process in an unknown state is worth less than a new one.
 */
export async function run(parts: readonly Part[], log: LifecycleLog): Promise<void> {
  const stops: Array<{ name: string; stop: () => Promise<void> }> = [];
  let stopping = false;

  const stopAll = async (cause: string, status: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => {
      log.error({ cause }, 'did not stop in time');
      process.exit(1);
    }, limits.drainMs).unref();
    for (const { name, stop } of stops.reverse()) {
      await stop().catch((error: unknown) => log.error({ error, part: name }, 'a part did not stop cleanly'));
    }
    log.info({ cause }, 'stopped');
    process.exit(status);
  };

  process.once('SIGTERM', () => void stopAll('SIGTERM', 0));
  process.once('SIGINT', () => void stopAll('SIGINT', 0));
  const fatal = (error: unknown): void => {
    log.error({ error }, 'a fault that nobody caught');
    void stopAll('fault', 1);
  };
  process.once('uncaughtException', fatal);
  process.once('unhandledRejection', fatal);

  for (const part of parts) {
    if (stopping) return;
    stops.push({ name: part.name, stop: await part.start() });
    log.info({ part: part.name }, 'started');
  }
}
