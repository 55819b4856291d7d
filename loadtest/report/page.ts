import { html, raw } from 'hono/html';
import { formatted } from '../bench/table.ts';
import { chartsOf } from './charts.ts';
import { clock, FIGURES, figure, wasOf } from './figures.ts';
import { droppedOf } from './outcome.ts';
import type { Metric, Promised, Report } from './report.ts';
import { SAID, sentenceOf } from './sentence.ts';
import { STYLE } from './style.ts';

type Html = ReturnType<typeof html>;

/** What may lie beside the page; k6 leaves out its own where the run was too short for it. */
const FILES: ReadonlyArray<readonly [file: string, what: string]> = [
  ['k6.html', "k6's own dashboard"],
  ['report.json', 'this page as data; bin/k6 compare reads it'],
  ['timeline.json', 'the sale each second'],
  ['summary.json', 'what k6 measured, as it writes it'],
  ['k6.log', 'what k6 said'],
];

/**
 * `index.html` of a report: one file that needs nothing else, of the browser or of the net.
 * @param beside files that lie beside it
 */
export async function pageOf(report: Report, beside: readonly string[]): Promise<string> {
  const { script, about, startedAt, seconds, seed, outcome, timeline } = report;
  const page = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${script}: ${SAID[outcome].toLowerCase()} · Onsale rehearsal</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header>
<p class="outcome ${outcome}">${SAID[outcome]}</p>
<h1>${script}</h1>
<p>${about}</p>
<p>${sentenceOf(report)}</p>
${whatBroke(report)}
<p class="soft"><time datetime="${startedAt}">${startedAt.slice(0, 19).replace('T', ' ')} UTC</time> · ${clock(seconds)} · seed ${seed} · ${whereOf(report)}</p>
</header>
<main>
<section><h2>In short</h2><dl class="tiles">${tilesOf(report)}</dl></section>
<section><h2>The sale, second by second</h2>
${timeline.length === 0 ? html`<p>The sale was not seen: nothing to draw.</p>` : html`<div class="charts">${chartsOf(report).map(({ title, svg, said }) => html`<figure><figcaption><strong>${title}</strong> ${said}</figcaption>${raw(svg)}</figure>`)}</div>`}
</section>
<section><h2>Promises</h2>${promises(report.promises)}</section>
<section><h2>Thresholds</h2>${thresholds(report)}</section>
${failedChecks(report)}
<section><h2>Everything k6 measured</h2>${metrics(report.metrics)}</section>
<section><h2>Environment</h2>${environment(report)}</section>
<section><h2>Files</h2><ul>${FILES.filter(([file]) => beside.includes(file)).map(([file, what]) => html`<li><a href="${file}">${file}</a>: ${what}</li>`)}</ul></section>
</main>
</body>
</html>
`;
  return String(page);
}

/** On top, for who looks at nothing else. */
function whatBroke({ promises, thresholds }: Report): Html | '' {
  const broken = [
    ...promises.filter(({ kept }) => kept === false).map(({ promise }) => promise),
    ...thresholds.filter(({ pass }) => !pass).map(({ metric, threshold }) => `${metric} ${threshold}`),
  ];
  return broken.length === 0
    ? ''
    : html`<ul class="fail">${broken.map((what) => html`<li>${what}</li>`)}</ul>`;
}

const whereOf = ({ target, environment }: Report): string =>
  ({ own: 'a sale of its own', running: 'the sale that ran here', target: environment.url })[target];

function tilesOf({ metrics, thresholds }: Report): Html[] {
  const slowest = thresholds
    .filter(({ metric, value }) => metric.startsWith('http_req_duration{op:') && value !== null)
    .sort((a, b) => b.value! - a.value!)[0];
  const trend = (name: string, value: string): string | undefined => {
    const number = metrics[name]?.values[value];
    return number === undefined ? undefined : figure('trend', number);
  };
  const share = metrics.conversion?.values.value;
  const tiles: Array<readonly [string, string | undefined]> = [
    ['Journeys', textOf(metrics.iterations?.values.count)],
    ['Dropped arrivals', formatted(droppedOf(metrics))],
    ['Tickets sold', textOf(metrics.tickets_sold?.values.count)],
    ['Bought', share === undefined ? undefined : figure('rate', share)],
    ['Waited, half of them', trend('wait_for_turn', 'med')],
    ['Place known, p99', trend('time_to_place', 'p(99)')],
    ['Push staleness, p99', trend('push_staleness', 'p(99)')],
    [
      slowest === undefined
        ? ''
        : `Slowest operation, ${slowest.threshold.split('<')[0]}: ${opOf(slowest.metric)}`,
      slowest === undefined ? undefined : figure('trend', slowest.value!),
    ],
  ];
  return tiles.flatMap(([name, value]) =>
    value === undefined ? [] : [html`<div><dt>${name}</dt><dd>${value}</dd></div>`],
  );
}

const textOf = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : formatted(value);
const opOf = (metric: string): string => /\{op:([^},]+)/.exec(metric)?.[1] ?? metric;

function promises(all: readonly Promised[]): Html {
  // The broken ones first: nobody scrolls for them.
  const sorted = [...all].sort((a, b) => rank(a) - rank(b));
  return table(
    'Promises',
    ['verdict', 'promise'],
    sorted.map(({ id, promise, kept, detail }) => [
      html`<span class="${kept === null ? 'null' : kept ? 'pass' : 'fail'}">${kept === null ? 'not looked' : kept ? 'kept' : 'BROKEN'}</span>`,
      html`${promise} <code class="soft">${id}</code>${detail === '' ? '' : html`<br>${detail}`}`,
    ]),
  );
}
const rank = ({ kept }: Promised): number => (kept === false ? 0 : kept === null ? 1 : 2);

const thresholds = ({ thresholds: all, metrics }: Report): Html =>
  table(
    'Thresholds',
    ['verdict', 'threshold', 'was'],
    [...all]
      .sort((a, b) => Number(a.pass) - Number(b.pass))
      .map(({ metric, threshold, pass, value }) => [
        html`<span class="${pass ? 'pass' : 'fail'}">${pass ? 'held' : 'BROKEN'}</span>`,
        html`<code>${metric}</code> <code class="soft">${threshold}</code>`,
        wasOf({ metric, threshold, pass, value }, metrics),
      ]),
  );

function failedChecks({ checks }: Report): Html | '' {
  const failed = checks.filter(({ fails }) => fails > 0);
  if (failed.length === 0) return '';
  return html`<section><h2>Checks that failed</h2>${table(
    'Checks that failed',
    ['check', 'failed', 'passed'],
    failed.map(({ name, passes, fails }) => [name, formatted(fails), formatted(passes)]),
  )}</section>`;
}

const metrics = (all: Readonly<Record<string, Metric>>): Html =>
  table(
    'Everything k6 measured',
    ['metric', 'figures'],
    Object.entries(all).map(([name, { kind, values }]) => [
      html`<code>${name}</code>`,
      FIGURES[kind]
        .flatMap((key) => (values[key] === undefined ? [] : [`${key} ${figure(kind, values[key])}`]))
        .join(' · '),
    ]),
  );

function environment({
  environment: { machine, k6, url, event, clockAheadMs, openFiles, settings },
}: Report): Html {
  const rows: Array<readonly [string, string]> = [
    [
      'Machine',
      `${machine.cores} × ${machine.cpu}, ${machine.memoryGib} GiB, ${machine.platform}, Node ${machine.node}`,
    ],
    ['k6', k6],
    ['Sale', `${url}, event ${event}`],
    ['Clock of the sale', clockAheadMs === null ? 'not known' : `${formatted(clockAheadMs)} ms ahead`],
    ['Open files', openFiles === null ? 'no bound' : formatted(openFiles)],
    ...Object.entries(settings),
  ];
  return html`<dl class="rows">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A table that scrolls by itself where the screen is narrow; by keyboard too. */
const table = (
  name: string,
  head: readonly string[],
  rows: ReadonlyArray<ReadonlyArray<Html | string>>,
): Html =>
  rows.length === 0
    ? html`<p>There are none.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="${name}"><table><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`;
