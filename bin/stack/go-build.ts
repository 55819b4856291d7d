import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { complaintOf } from './shell.ts';
import { ownFolder, repositoryRoot, toolsFolder } from './state.ts';

/**
 * Builds a program from a Go module of ours that pins it: versions and checksums of everything it is made of are in its go.mod
 * and go.sum (docs/decisions/0004). Two who build at once each leave a whole program.
 * @param module folder in bin/stack @returns why it could not be built, or undefined
 */
export function buildGo(module: string, program: string, target: string): string | undefined {
  const draft = join(ownFolder(toolsFolder), `${module}.${process.pid}`);
  const complaint = complaintOf('go', ['build', '-mod=readonly', '-trimpath', '-o', draft, program], {
    cwd: join(repositoryRoot, 'bin', 'stack', module),
    env: { ...process.env, CGO_ENABLED: '0' },
  });
  if (complaint === undefined) renameSync(draft, target);
  return complaint;
}
