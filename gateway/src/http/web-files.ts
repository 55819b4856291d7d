import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A built file of the pages, in memory: they are some hundred kilobytes together, and no path of a request reaches the disk. */
export interface WebFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** Only where it is worth it. */
  readonly gzipped: Buffer | undefined;
  readonly etag: string;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.wav': 'audio/wav',
  '.txt': 'text/plain; charset=utf-8',
};
const squeezable = /^(text|application)\/|svg/;

/** The files below a folder by their path in it (`assets/fan-1a2b.js`); empty when the pages have not been built. */
export function webFilesOf(folder: string): Map<string, WebFile> {
  const files = new Map<string, WebFile>();
  for (const path of pathsIn(folder)) {
    const type = types[extname(path)];
    if (type === undefined) continue;
    const bytes = readFileSync(join(folder, path));
    const gzipped = squeezable.test(type) && bytes.length > 1_024 ? gzipSync(bytes, { level: 9 }) : undefined;
    const etag = `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 16)}"`;
    files.set(path, { type, bytes, gzipped, etag });
  }
  return files;
}

function pathsIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
