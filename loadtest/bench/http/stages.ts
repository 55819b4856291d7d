import { pickPort } from '../../../bin/stack/ports.ts';
import { supervise } from '../../../bin/stack/supervisor.ts';
import type { Context } from '../bench.ts';

/**
 * Starts a server for each stage, a process of its own: `<script> <stage> <port>`, which answers `GET /` with 404 once it is up.
 * @returns its address, by stage
 */
export async function startStages<Stage extends string>(
  { dir, atEnd }: Pick<Context, 'dir' | 'atEnd'>,
  script: string,
  stages: readonly Stage[],
  env: NodeJS.ProcessEnv,
): Promise<Readonly<Record<Stage, string>>> {
  const taken = new Set<number>();
  const urls: Record<string, string> = {};
  const programs = [];
  for (const stage of stages) {
    const port = await pickPort(taken);
    const url = `http://127.0.0.1:${port}`;
    urls[stage] = url;
    programs.push({
      name: `stage-${stage}`,
      command: process.execPath,
      args: [script, stage, String(port)],
      cwd: dir,
      env: { ...process.env, ...env },
      healthy: async () => (await fetch(url)).status === 404,
    });
  }
  const processes = await supervise([programs], {
    dir,
    restart: false,
    onLine: () => {},
    onGiveUp: () => {},
  });
  atEnd(processes.stop);
  return urls as Record<Stage, string>;
}
