/**
 * What operators tell, in the first of the fan's languages that it has: `de-AT` is served by `de-AT`, else `de`, else another
 * `de-…`. Without any of them in English, else in whichever there is.
 */
export function messageFor(
  message: Readonly<Record<string, string>> | null,
  languages: readonly string[],
): { readonly language: string; readonly text: string } | null {
  const told = Object.keys(message ?? {});
  const base = (language: string): string => language.split('-')[0]!.toLowerCase();
  for (const wanted of [...languages, 'en']) {
    const language =
      told.find((one) => one.toLowerCase() === wanted.toLowerCase()) ??
      told.find((one) => one === base(wanted)) ??
      told.find((one) => base(one) === base(wanted));
    if (language !== undefined) return { language, text: message![language]! };
  }
  return told.length === 0 ? null : { language: told[0]!, text: message![told[0]!]! };
}
