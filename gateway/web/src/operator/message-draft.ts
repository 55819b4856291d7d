import type { OperatorRoom } from '@onsale/shared/http/operator';
import type { limits } from '@onsale/shared/limits';

// As in the contract, which the type checker compares.
export const textMaxChars: (typeof limits)['roomMessageMaxChars'] = 500;
export const languagesMax: (typeof limits)['roomMessageMaxLanguages'] = 12;

export interface Row {
  readonly language: string;
  readonly text: string;
}
export type Message = OperatorRoom['policy']['message'];

export const rowsOf = (message: Message): readonly Row[] => {
  const rows = Object.entries(message ?? {}).map(([language, text]) => ({ language, text }));
  return rows.length === 0 ? [{ language: 'en', text: '' }] : rows;
};

/** Language codes as the contract takes them: de, de-AT. */
export const isLanguage = (language: string): boolean => /^[a-z]{2}(-[A-Z]{2})?$/.test(language);

/** What would be sent: rows without text are left out; none left is no message. */
export function messageOf(rows: readonly Row[]): Message {
  const told = rows.filter(({ text }) => text.trim() !== '');
  if (told.length === 0) return null;
  return Object.fromEntries(
    told.map(({ language, text }) => [language, text.trim().replaceAll(/\s+/g, ' ')]),
  );
}

export type Fault = 'language' | 'twice' | 'long';

/** What is wrong with a row; null: nothing. */
export function faultOf(row: Row, rows: readonly Row[]): Fault | null {
  if (!isLanguage(row.language)) return 'language';
  if (rows.some((other) => other !== row && other.language === row.language)) return 'twice';
  return row.text.trim().length > textMaxChars ? 'long' : null;
}
