import { limits } from '@onsale/shared/limits';
import { z } from 'zod';
import { type ComposeParts, compose } from './compose.ts';
import { giveUpSpent, type Mail, noteFailure, settleMail, takeDue } from './outbox.ts';
import { codeOf, type Post } from './post.ts';
import { asHtml, asText } from './render.ts';

export type MailOutcome = 'sent' | 'kept' | 'failed' | 'givenUp' | 'empty';

export interface SendParts extends ComposeParts {
  readonly post: Post;
  /** Told what became of each attempt, and of those that failed a code without words. */
  readonly onOutcome: (outcome: MailOutcome, about?: { mail: string; code: string }) => void;
}

/**
 * Sends the mails that are due, batch by batch, limits.mailBatchesMax at most. Dying anywhere loses none: what was taken is due
 * again later, and what was sent but not yet written down goes out a second time under the same Message-ID.
 * @returns how many were sent
 */
export async function sendMails(parts: SendParts): Promise<number> {
  const spent = await giveUpSpent(parts.db);
  for (let n = 0; n < spent; n++) parts.onOutcome('givenUp');
  let sent = 0;
  for (let batch = 0; batch < limits.mailBatchesMax; batch++) {
    const mails = [...(await takeDue(parts.db))];
    if (mails.length === 0) break;
    const work = async (): Promise<void> => {
      for (let mail = mails.shift(); mail !== undefined; mail = mails.shift()) {
        if ((await sendOne(parts, mail)) === 'sent') sent += 1;
      }
    };
    await Promise.all(Array.from({ length: limits.mailConnectionsMax }, work));
  }
  return sent;
}

async function sendOne(parts: SendParts, mail: Mail): Promise<MailOutcome> {
  const { db, onOutcome } = parts;
  try {
    const outcome = await deliver(parts, mail);
    await settleMail(db, mail.id, outcome);
    onOutcome(outcome);
    return outcome;
  } catch (fault) {
    const unreachable = fault instanceof AddressFault;
    const final = unreachable || mail.attempts >= limits.mailAttemptsMax;
    const code = unreachable ? 'ADDRESS' : codeOf(fault);
    await noteFailure(db, mail.id, code, final);
    const outcome = final ? 'givenUp' : 'failed';
    onOutcome(outcome, { mail: mail.id, code });
    return outcome;
  }
}

/** No mail server is asked about what is no address. */
class AddressFault extends Error {}

/** A mail of a rehearsal goes the whole way but the last step: load tests are no reason to write to anybody. */
async function deliver(parts: SendParts, mail: Mail): Promise<'sent' | 'kept' | 'empty'> {
  const letter = await compose(parts, mail);
  if (letter === undefined) return 'empty';
  const { to, rehearsal, subject, blocks } = letter;
  if (!z.email().safeParse(to).success) throw new AddressFault();
  const message = { id: mail.id, to, subject, text: asText(blocks), html: asHtml(blocks) };
  if (rehearsal) return 'kept';
  await parts.post(message);
  return 'sent';
}
