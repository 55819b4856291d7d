import type { Report } from './verify-file.ts';

/** Faults that are printed; the others are counted. */
const FAULTS_SHOWN = 20;

/** What the record proves and what it does not, in words. */
export function printed({ eventId, faults, tally, knewSeed, knewLast }: Report): string {
  const head = `${eventId}: ${tally.places} admissions in ${tally.batches} batches; the last one is ${tally.lastHash ?? 'none'}`;
  if (faults.length > 0) {
    const more = faults.length - FAULTS_SHOWN;
    const shown = faults.slice(0, FAULTS_SHOWN).map((fault) => `  ${fault}`);
    return [head, '', 'NOT as it should be:', ...shown, ...(more > 0 ? [`  and ${more} more`] : [])].join(
      '\n',
    );
  }
  const proved = [
    'Each batch has the places that were hashed, and follows the one before it: none was changed, taken out or put in between.',
    'Within a lane, and one life of the line, fans were let in by their order, but for those listed here as exceptions.',
    'Nobody was let in twice for one turn.',
    ...(knewSeed
      ? [
          'The seed is the one committed to.',
          `All ${tally.drawn} drawn numbers were computed again from the seed and the place.`,
        ]
      : []),
  ];
  const exceptions = [
    `${tally.back} had been passed over, were back, and went first.`,
    `${tally.invited} came to the priority lane with an invitation after later ones had gone.`,
    `${tally.openly} were let in without a line while it was away, as the room says.`,
    `${tally.epochs} lives of the line: after a loss of Redis the order is compared anew.`,
  ];
  const open = [
    ...(knewLast
      ? []
      : [
          'That the record goes to the end and was not written anew as a whole: compare the last hash, or give --last.',
        ]),
    ...(knewSeed ? [] : ['That numbers were drawn and not chosen: no seed was given, and none was needed.']),
    'That nobody knew the seed before: an operator who did could have joined when his number was a good one.',
    'Who waited and was not let in, and that each place is one person.',
    'That who was passed over was away, and that shares between the lanes were kept.',
  ];
  const list = (title: string, lines: readonly string[]) => [title, ...lines.map((line) => `  ${line}`), ''];
  return [
    head,
    '',
    ...list('Proved:', proved),
    ...list('Exceptions:', exceptions),
    ...list('Not proved:', open),
  ]
    .join('\n')
    .trimEnd();
}
