import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { complaintOf, onPath } from './shell.ts';
import { ownFolder, toolsFolder } from './state.ts';

/** A program and what its environment needs beside ours: it may live in a folder of ours, with its libraries. */
export interface Binary {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The program (`usr/bin/…`) of a tool that was unpacked earlier. */
export function unpacked(tool: string, program: string): Binary | undefined {
  const root = join(toolsFolder, tool);
  const command = join(root, program);
  if (!existsSync(command)) return undefined;
  const libraries = join(root, 'usr', 'lib');
  const triplets = existsSync(libraries)
    ? readdirSync(libraries).filter((name) => name.endsWith('-linux-gnu'))
    : [];
  return { command, env: { LD_LIBRARY_PATH: triplets.map((name) => join(libraries, name)).join(':') } };
}

/**
 * The distribution's packages without installing them: nothing outside the state folder changes, and it needs no root.
 * @returns undefined where there are no such packages. @throws when fetching or unpacking fails
 */
export function unpack(tool: string, program: string, packages: readonly string[]): Binary | undefined {
  if (onPath('apt-get') === undefined || onPath('dpkg-deb') === undefined) return undefined;
  const draft = mkdtempSync(join(ownFolder(toolsFolder), `${tool}-`));
  try {
    const complaint = complaintOf('apt-get', ['download', ...packages], { cwd: draft });
    if (complaint !== undefined) throw new Error(`apt-get download: ${complaint}`);
    for (const file of readdirSync(draft).filter((name) => name.endsWith('.deb'))) {
      const fault = complaintOf('dpkg-deb', ['-x', file, 'root'], { cwd: draft });
      if (fault !== undefined) throw new Error(`dpkg-deb: ${fault}`);
    }
    if (unpacked(tool, program) === undefined) renameSync(join(draft, 'root'), join(toolsFolder, tool));
    return unpacked(tool, program);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
