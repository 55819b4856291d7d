import type { Profiler } from 'node:inspector';
import { fileURLToPath } from 'node:url';

/** One function on one path of callers, with the time that samples give it, µs. */
export interface Call {
  readonly name: string;
  /** File, seen from the checkout, and line; empty for the engine's own. */
  readonly where: string;
  selfMicros: number;
  totalMicros: number;
  readonly callees: Map<string, Call>;
}

/** Time in which the thread had nothing to do: no part of what it did. */
const IDLE = '(idle)';

/** What several processes of the same kind did, as one tree of calls; and how long they were watched, µs. */
export interface Sampled {
  readonly root: Call;
  watchedMicros: number;
}

export const noCalls = (): Sampled => ({ root: callOf('all', ''), watchedMicros: 0 });

/** Adds a profile, as V8 writes it: each sample names a node and has the time since the one before. */
export function addProfile(into: Sampled, profile: Profiler.Profile, root: string): void {
  const { nodes, samples = [], timeDeltas = [] } = profile;
  const micros = new Map<number, number>();
  for (const [at, node] of samples.entries()) {
    micros.set(node, (micros.get(node) ?? 0) + Math.max(0, timeDeltas[at] ?? 0));
  }
  into.watchedMicros += profile.endTime - profile.startTime;
  const known = new Map(nodes.map((node) => [node.id, node]));
  const add = (node: Profiler.ProfileNode, call: Call): number => {
    const self = micros.get(node.id) ?? 0;
    let total = self;
    call.selfMicros += self;
    for (const id of node.children ?? []) {
      const callee = known.get(id)!;
      const { functionName, url, lineNumber } = callee.callFrame;
      if (functionName === IDLE) continue;
      const where = whereOf(url, lineNumber, root);
      const key = `${functionName} ${where}`;
      const existing = call.callees.get(key) ?? callOf(functionName || '(anonymous)', where);
      call.callees.set(key, existing);
      total += add(callee, existing);
    }
    call.totalMicros += total;
    return total;
  };
  add(nodes[0]!, into.root);
}

const callOf = (name: string, where: string): Call => ({
  name,
  where,
  selfMicros: 0,
  totalMicros: 0,
  callees: new Map(),
});

/** Packages are named without where they are kept, our files from the checkout on. V8 counts lines from 0. */
function whereOf(url: string, line: number, root: string): string {
  if (url === '') return '';
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const inPackage = path.lastIndexOf('/node_modules/');
  if (inPackage >= 0) return `${path.slice(inPackage + '/node_modules/'.length)}:${line + 1}`;
  return `${path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path}:${line + 1}`;
}

export interface Hot {
  readonly name: string;
  readonly where: string;
  /** Of the time that the process was busy: in the function itself, not in what it calls. */
  readonly part: number;
}

/** The functions that most time was spent in, whoever called them. */
export function hottest({ root }: Sampled, most: number): Hot[] {
  const micros = new Map<string, { name: string; where: string; self: number }>();
  const visit = ({ name, where, selfMicros, callees }: Call): void => {
    const key = `${name} ${where}`;
    const sum = micros.get(key) ?? { name, where, self: 0 };
    sum.self += selfMicros;
    micros.set(key, sum);
    for (const callee of callees.values()) visit(callee);
  };
  visit(root);
  return [...micros.values()]
    .filter(({ self }) => self > 0)
    .sort((a, b) => b.self - a.self)
    .slice(0, most)
    .map(({ name, where, self }) => ({ name, where, part: self / root.totalMicros }));
}
