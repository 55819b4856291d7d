import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';

/**
 * A build that is broken on purpose, as a file beside the code it breaks (`<name>.mutation.json`). It shows that the audit, or
 * a fan, sees the promise being broken; a mutation that no longer fits the code fails its test, so that it cannot rot.
 */
const MutationFile = z.strictObject({
  /** The rule that is broken, and how, in words. */
  rule: z.string(),
  breaks: z.string(),
  /** What must turn red: the id of an invariant, or what the load's fans see (`fans:…`). */
  red: z.string(),
  edits: z
    .array(
      z.strictObject({
        file: z.string().describe('Beside the mutation file, or below or above it'),
        find: z.string().min(1).describe('Exact text that is there once'),
        replace: z.string(),
      }),
    )
    .min(1),
});

export interface Mutation extends z.infer<typeof MutationFile> {
  readonly name: string;
  /** Folder of the mutation file, from the root. */
  readonly folder: string;
}

const SUFFIX = '.mutation.json';
const PARTS = ['shared', 'gateway', 'booking-core'];

/** Every mutation of the tree. @throws when one does not have the form. */
export function findMutations(root: string): Mutation[] {
  return PARTS.flatMap((part) =>
    readdirSync(join(root, part), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith(SUFFIX) && !/(^|\/)node_modules\//.test(path))
      .map((path) => join(root, part, path)),
  ).map((path) => ({
    ...MutationFile.parse(JSON.parse(readFileSync(path, 'utf8'))),
    name: path.slice(path.lastIndexOf('/') + 1, -SUFFIX.length),
    folder: relative(root, dirname(path)),
  }));
}

/**
 * What the tree's files become, by path. @throws when a text is not there exactly once: the mutation no longer fits the code.
 */
export function brokenFiles(root: string, { name, folder, edits }: Mutation): Map<string, string> {
  const files = new Map<string, string>();
  for (const { file, find, replace } of edits) {
    const path = join(root, folder, file);
    const [before, after, ...more] = (files.get(path) ?? readFileSync(path, 'utf8')).split(find);
    if (after === undefined || more.length > 0) {
      const times = after === undefined ? 'not at all' : `${more.length + 1} times`;
      throw new Error(`Mutation ${name} does not fit any more: ${file} has its text ${times}:\n${find}`);
    }
    files.set(path, before + replace + after);
  }
  return files;
}

/** Breaks the tree below `root`. @throws as brokenFiles */
export function applyMutation(root: string, mutation: Mutation): void {
  for (const [path, text] of brokenFiles(root, mutation)) writeFileSync(path, text);
}
