const SAMPLE_MS = 100;
/** What remains of an old lag after each sample: half a second later it counts for a tenth. */
const DECAY = 0.65;

/** How late this process's timers were in the last half second, in ms. */
export function loopLag(): { readonly lagMs: () => number; readonly stop: () => void } {
  let lagMs = 0;
  let expectedMs = performance.now() + SAMPLE_MS;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    lagMs = Math.max(nowMs - expectedMs, lagMs * DECAY, 0);
    expectedMs = nowMs + SAMPLE_MS;
  }, SAMPLE_MS);
  timer.unref();
  return { lagMs: () => lagMs, stop: () => clearInterval(timer) };
}
