import { readFileSync, writeFileSync } from 'node:fs';
import { coreMetrics } from '../booking-core/src/metrics.ts';
import { admissionMetrics } from '../gateway/src/admission/metrics.ts';
import { gatewayMetrics } from '../gateway/src/metrics.ts';
import { advice } from '../shared/src/advice.ts';
import { options } from '../shared/src/config.ts';
import { type ProblemCode, problems } from '../shared/src/errors.ts';
import { limits } from '../shared/src/limits.ts';
import { benchmarksPage, readmePage } from './figures.ts';

/**
 * Makes the tables of docs/operations that the code already knows (options, errors, bounds, metrics) and the figures that the newest
 * reports of docs/benchmarks tell. `node docs/build.ts` writes them; tests compare, so what is out of date fails.
 */
const cell = (text: string): string => text.replaceAll('|', '\\|');

function configTable(): string {
  const rows = Object.entries(options).map(([name, option]) => {
    const unset = option.safeParse(undefined);
    const fallback = !unset.success
      ? 'must be set'
      : unset.data === undefined
        ? 'unset'
        : `\`${JSON.stringify(unset.data)}\``;
    return `| \`${name}\` | ${fallback} | ${cell(option.description ?? '')} |`;
  });
  return `# Options

Read once at start from the environment (\`shared/src/config.ts\`). \`bin/up\` sets all that must be set.

| option | default | meaning |
|---|---|---|
${rows.join('\n')}
`;
}

function errorTable(): string {
  const rows = Object.entries(problems).map(
    ([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} | ${advice[code as ProblemCode]} |`,
  );
  return `# Errors

Every error answer, HTTP and socket alike, is \`application/problem+json\` (RFC 9457): \`type\` is \`urn:onsale:problem:\` and
the code, and \`code\` is stable for ever. \`requestId\` finds the request in the logs. Refusals that a fan can act on carry
numbers: \`free\`, \`held\`, \`buyerMayTake\`, \`retryAfterMs\`. The list is closed (\`shared/src/errors.ts\`).

| code | status | what it says | what to do |
|---|---|---|---|
${rows.join('\n')}
`;
}

function limitTable(): string {
  const source = readFileSync(new URL('../shared/src/limits.ts', import.meta.url), 'utf8');
  const rows = Object.entries(limits).map(([name, value]) => {
    const before = source.slice(0, source.indexOf(`  ${name}:`));
    const comment = before.slice(before.lastIndexOf('/**') + 3, before.lastIndexOf('*/')).trim();
    return `| \`${name}\` | ${value.toLocaleString('en-US')} | ${cell(comment.replace(/\s*\*\s*/g, ' '))} |`;
  });
  return `# Bounds

Every queue, batch, body, wait and retry has a named bound, in \`shared/src/limits.ts\`, which also asserts the relations
that must hold between them.

| bound | value | what it bounds |
|---|---|---|
${rows.join('\n')}
`;
}

type Registry = ReturnType<typeof coreMetrics>['registry'];

function metricTable(): string {
  const rowsOf = (registry: Registry): string =>
    registry
      .getMetricsAsArray()
      .map(
        (metric) => metric as unknown as { name: string; help: string; type: string; labelNames: string[] },
      )
      .filter(({ name }) => name.startsWith('onsale_'))
      .map(({ name, help, labelNames }) => {
        const labels = labelNames.map((label) => `\`${label}\``).join(', ');
        return `| \`${name}\` | ${labels} | ${cell(help)} |`;
      })
      .join('\n');
  const core = coreMetrics();
  core.watch({ pool: () => ({ total: 0, idle: 0, waiting: 0 }), claims: () => 0 });
  core.watchMails(async () => ({ waiting: 0, oldestAgeS: 0 }));
  const table = (title: string, registry: Registry): string => `## ${title}

| metric | labels | what it says |
|---|---|---|
${rowsOf(registry)}
`;
  return `# Metrics

Prometheus text at \`/metrics\` on the internal port of each process, beside \`/healthz\`. Node's own (\`nodejs_…\`, \`process_…\`)
are there too. Routes and rooms are labels, fans and orders never.

${table('Gateway', gatewayMetrics().registry)}
${table('Admission worker', admissionMetrics().registry)}
${table('Booking core and its worker', core.registry)}`;
}

export const pages: Readonly<Record<string, () => string>> = {
  'operations/config.md': configTable,
  'operations/errors.md': errorTable,
  'operations/limits.md': limitTable,
  'operations/metrics.md': metricTable,
};

/** Pages of which a part is made. */
export const figures: Readonly<Record<string, () => string>> = {
  '../README.md': readmePage,
  'benchmarks/README.md': benchmarksPage,
};

if (import.meta.main) {
  for (const [path, make] of Object.entries({ ...pages, ...figures }))
    writeFileSync(new URL(path, import.meta.url), make());
}
