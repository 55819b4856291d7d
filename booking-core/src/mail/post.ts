import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '@onsale/shared/limits';
import { createTransport } from 'nodemailer';

/** A mail, ready to go. */
export interface Message {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Hands a mail over; when it returns, a server or the folder has it. */
export type Post = (message: Message) => Promise<void>;

export interface PostOptions {
  readonly SMTP_URL?: string | undefined;
  readonly MAIL_DIR: string;
  readonly MAIL_FROM: string;
}

/**
 * To the mail server, or, without one, into a folder as files that any mail program opens.
 * @param timeoutMs how long handing over one mail may take
 */
export function openPost(
  { SMTP_URL, MAIL_DIR, MAIL_FROM }: PostOptions,
  timeoutMs: number = limits.mailTimeoutMs,
): Post {
  const domain = MAIL_FROM.replace(/^.*@|>$/g, '');
  const fieldsOf = ({ id, to, ...content }: Message) => ({
    ...content,
    from: MAIL_FROM,
    // As an object: a text would be read as a list of addresses.
    to: { name: '', address: to },
    // The same at every attempt: who gets a mail twice has one.
    messageId: `<${id}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  if (SMTP_URL === undefined) {
    const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
    return async (message) => {
      const { message: bytes } = await composer.sendMail(fieldsOf(message));
      await mkdir(MAIL_DIR, { recursive: true, mode: 0o700 });
      // Written aside first: half a mail is none. Again, it is the same file.
      const draft = join(MAIL_DIR, `.${message.id}`);
      await writeFile(draft, bytes as Buffer, { mode: 0o600 });
      await rename(draft, join(MAIL_DIR, `${message.id}.eml`));
    };
  }

  // A connection for each mail: one that hangs is cut without another that is on the same way.
  const server = createTransport({
    url: SMTP_URL,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  });
  return async (message) => {
    await server.sendMail({ ...fieldsOf(message), signal: AbortSignal.timeout(timeoutMs) });
  };
}

/** Why it failed, as a code. A server's own words name the address, and addresses are for no log. */
export function codeOf(fault: unknown): string {
  const { code, responseCode } = fault as { code?: unknown; responseCode?: unknown };
  const name = typeof code === 'string' && /^[A-Z0-9_]{1,30}$/.test(code) ? code : 'FAULT';
  return Number.isInteger(responseCode) ? `${name} ${responseCode}` : name;
}
