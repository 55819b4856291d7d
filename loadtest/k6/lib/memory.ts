import { fail } from 'k6';
import http from 'k6/http';

const RESIDENT = /^process_resident_memory_bytes (\S+)/m;

/** Resident memory of a process, as its Prometheus metrics say. @param url of them */
export function residentBytesOf(url: string): number {
  const { body } = http.get(url, { tags: { op: 'metrics', name: 'metrics' } });
  const bytes = Number(RESIDENT.exec(String(body))?.[1]);
  if (!Number.isFinite(bytes)) fail(`no memory of a process at ${url}`);
  return bytes;
}
