import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { AdmissionsPage } from '@onsale/shared/http/admissions';
import { Hex32 } from '@onsale/shared/http/internal';
import { AdmissionsProof, type Published, type Tally } from '@onsale/shared/proof/admissions-proof';

export interface Report {
  readonly eventId: string;
  readonly faults: readonly string[];
  readonly tally: Tally;
  /** Whether drawn numbers were computed again, and whether the end of the chain was known from elsewhere. */
  readonly knewSeed: boolean;
  readonly knewLast: boolean;
}

/** @throws Error naming the line that is no page, or what else keeps it from looking */
export async function verifyFile(
  path: string,
  { published, last }: { published?: Published; last?: string },
): Promise<Report> {
  for (const text of [published?.seed, published?.commitment, last]) {
    if (text !== undefined && !Hex32.safeParse(text).success) throw new Error(`not 32 bytes in hex: ${text}`);
  }
  let proof: AdmissionsProof | undefined;
  let eventId = '';
  let isComplete = false;
  const faults: string[] = [];
  let lineNumber = 0;
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    lineNumber += 1;
    if (line.trim() === '') continue;
    const page = pageIn(line, lineNumber);
    if (proof === undefined) {
      eventId = page.eventId;
      proof = new AdmissionsProof(eventId, published);
    }
    if (page.eventId !== eventId) faults.push(`line ${lineNumber}: of another event`);
    if (isComplete) faults.push(`line ${lineNumber}: after the last page`);
    for (const batch of page.batches) proof.add(batch);
    isComplete = page.next === null;
  }
  if (proof === undefined) throw new Error('the file has no page');
  if (!isComplete) faults.push('the last page is missing');
  if (last !== undefined && proof.tally.lastHash !== last) faults.push('the last batch is another one');
  return {
    eventId,
    faults: [...faults, ...proof.faults],
    tally: proof.tally,
    knewSeed: published !== undefined,
    knewLast: last !== undefined,
  };
}

function pageIn(line: string, lineNumber: number): AdmissionsPage {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new Error(`line ${lineNumber} is not JSON`);
  }
  const page = AdmissionsPage.safeParse(json);
  if (page.success) return page.data;
  const { path, message } = page.error.issues[0]!;
  throw new Error(`line ${lineNumber} is no page of admissions, at ${path.join('.')}: ${message}`);
}
