import { escaped } from '../../report/svg.ts';
import type { Call, Hot, Sampled } from './calls.ts';

/** Narrower calls are left out: they could not be seen, and there are thousands. */
const LEAST_PART = 0.001;
const ROW_PX = 18;

/** A kind of process: how many of it there were, and what they did. */
export interface Flames {
  readonly name: string;
  readonly processes: number;
  readonly sampled: Sampled;
  readonly hot: readonly Hot[];
}

/**
 * A page that needs nothing but itself: for each kind of process its hottest functions and its flame graph (callers above,
 * width is time). Places are percentages, so that a click makes a call as wide as the page by widening what holds them all.
 */
export const flamePage = (title: string, all: readonly Flames[]): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem; color: #1b1b1f; background: #fff }
td { padding: 0 1rem 0 0 } td:first-child { text-align: right }
.view { overflow-x: auto; border: 1px solid #ccc }
.flame { position: relative; min-width: 100% }
.flame i { position: absolute; height: ${ROW_PX - 1}px; overflow: hidden; white-space: nowrap; font: 11px/${ROW_PX - 1}px ui-monospace, monospace; border-right: 1px solid #fff; box-sizing: border-box; padding-left: 2px; cursor: zoom-in }
</style></head><body>
<h1>${escaped(title)}</h1>
<p>Width is time that the thread was busy, callers stand above what they call. A click widens a call, a click on the first row shows all.
Yellow: this repository. Blue: packages. Grey: Node and V8.</p>
${all.map(section).join('\n')}
<script>
for (const flame of document.querySelectorAll('.flame')) flame.addEventListener('click', ({ target }) => {
  const { width, left } = target.style;
  if (!width) return;
  flame.style.width = 10000 / parseFloat(width) + '%';
  flame.parentElement.scrollLeft = flame.offsetWidth * parseFloat(left) / 100;
});
</script></body></html>
`;

function section({ name, processes, sampled, hot }: Flames): string {
  const { root, watchedMicros } = sampled;
  const rows = hot.map(
    ({ name: of, where, part }) =>
      `<tr><td>${percent(part)}</td><td>${escaped(of)}</td><td>${escaped(where)}</td></tr>`,
  );
  const frames: string[] = [];
  const depth = layOut(root, root.totalMicros, frames);
  return `<h2>${escaped(name)}${processes > 1 ? ` × ${processes}` : ''}</h2>
<p>Busy ${(root.totalMicros / 1e6).toFixed(1)} s of ${(watchedMicros / 1e6).toFixed(1)} s.</p>
<table>${rows.join('')}</table>
<div class="view"><div class="flame" style="height:${(depth + 1) * ROW_PX}px">${frames.join('')}</div></div>`;
}

/** @returns how many rows there are below the first */
function layOut(root: Call, allMicros: number, into: string[]): number {
  let deepest = 0;
  const put = (call: Call, fromMicros: number, depth: number): void => {
    const part = call.totalMicros / allMicros;
    if (!(part >= LEAST_PART)) return;
    deepest = Math.max(deepest, depth);
    const text = `${call.name}${call.where === '' ? '' : ` ${call.where}`} · ${percent(part)}, itself ${percent(call.selfMicros / allMicros)}`;
    into.push(
      `<i style="left:${(100 * fromMicros) / allMicros}%;width:${100 * part}%;top:${depth * ROW_PX}px;background:${colourOf(call.where)}" title="${escaped(text)}">${escaped(call.name)}</i>`,
    );
    let at = fromMicros;
    for (const callee of [...call.callees.values()].sort((a, b) => b.totalMicros - a.totalMicros)) {
      put(callee, at, depth + 1);
      at += callee.totalMicros;
    }
  };
  put(root, 0, 0);
  return deepest;
}

const colourOf = (where: string): string =>
  /^(shared|gateway|booking-core|loadtest|bin)\//.test(where)
    ? '#f5c95b'
    : where === '' || where.startsWith('node:')
      ? '#d5d5da'
      : '#9cc4ec';

const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
