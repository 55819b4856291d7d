import { bounds } from './bounds.ts';
import { type Ending, endings, type Phase, phases } from './endings.ts';

export interface Latency {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** What happened so far. */
export class Tally {
  readonly phases = zeros(phases);
  readonly endings = zeros(endings);
  /** Fault → how often. At most bounds.errorsKept different ones. */
  readonly faults = new Map<string, number>();
  faultCount = 0;
  /** Requests that were sent again: nobody answered, or the answer said so. Not a fault. */
  retries = 0;
  reconnects = 0;
  admitted = 0;
  tickets = 0;
  readonly #tookMs = new Map<string, number[]>();

  took(operation: string, ms: number): void {
    const all = this.#tookMs.get(operation);
    if (all) all.push(ms);
    else this.#tookMs.set(operation, [ms]);
  }

  fault(text: string): void {
    this.faultCount += 1;
    const known = this.faults.get(text);
    if (known !== undefined || this.faults.size < bounds.errorsKept) this.faults.set(text, (known ?? 0) + 1);
  }

  move(from: Phase | undefined, to: Phase | undefined): void {
    if (from) this.phases[from] -= 1;
    if (to) this.phases[to] += 1;
  }

  ended(ending: Ending): void {
    this.endings[ending] += 1;
  }

  latencies(): Record<string, Latency> {
    return Object.fromEntries(
      [...this.#tookMs].map(([operation, tookMs]) => {
        const sorted = Float64Array.from(tookMs).sort();
        const at = (share: number): number =>
          Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]! * 10) / 10;
        return [
          operation,
          { count: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs: at(1) },
        ];
      }),
    );
  }
}

function zeros<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}
