import { t } from '../texts.ts';

const emailMaxChars = 254;
const emailShape = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;

/** What is wrong with a mail address, as far as a page can tell; the core has the last word. */
export const emailFault = (email: string): string | null =>
  emailShape.test(email) && email.length <= emailMaxChars ? null : t.held.emailWrong;
