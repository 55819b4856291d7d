/**
 * Runs `work` one at a time. A caller gets the outcome of a run that began after its call, so what it learns is never
 * older than its question; however many ask during one run, they share the next.
 */
export function oneAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;

  const begin = (): Promise<T> => {
    const run = work().finally(() => {
      if (running === run) running = undefined;
    });
    running = run;
    return run;
  };

  return () => {
    if (next !== undefined) return next;
    if (running === undefined) return begin();
    next = running
      .catch(() => {})
      .then(() => {
        next = undefined;
        return begin();
      });
    return next;
  };
}

/** What `load` gave within the last `maxAgeMs`, or as each caller says; older, it is loaded again, once for all who ask meanwhile. */
export function reused<T>(load: () => Promise<T>, maxAgeMs: number): (ageMs?: number) => Promise<T> {
  const reload = oneAtATime(load);
  let kept: { value: T; loadedAtMs: number } | undefined;
  let loading: Promise<T> | undefined;

  return async (ageMs = maxAgeMs) => {
    if (kept !== undefined && performance.now() - kept.loadedAtMs < ageMs) return kept.value;
    loading ??= reload()
      .then((value) => {
        kept = { value, loadedAtMs: performance.now() };
        return value;
      })
      .finally(() => {
        loading = undefined;
      });
    return loading;
  };
}

/** One of `make` per key, made when first asked for. The keys must be of a bounded set. */
export function each<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    let one = made.get(key);
    if (one === undefined) {
      one = make(key);
      made.set(key, one);
    }
    return one;
  };
}
