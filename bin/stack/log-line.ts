/** Fields of pino that are said otherwise, or not at all, when a person reads along. */
const SAID_OTHERWISE = new Set(['level', 'time', 'name', 'msg', 'pid', 'hostname']);
const LEVELS: Readonly<Record<number, string>> = { 40: 'WARN ', 50: 'ERROR ', 60: 'FATAL ' };
const NAME_WIDTH = 11;

/** A process's line as `bin/up` shows it: whose it is, and of a JSON log line the message and its fields. */
export function logLine(name: string, line: string): string {
  const prefix = `${name.padEnd(NAME_WIDTH)} | `;
  const entry = parsed(line);
  if (entry === undefined) return prefix + line;
  const fields = Object.entries(entry)
    .filter(([field]) => !SAID_OTHERWISE.has(field))
    .map(([field, value]) => `${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${prefix}${[`${LEVELS[Number(entry.level)] ?? ''}${entry.msg ?? ''}`, ...fields].join(' ')}`;
}

function parsed(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
