/** What a mail is made of: said once, written as text and as HTML. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'rows'; readonly rows: ReadonlyArray<readonly [label: string, value: string]> }
  | { readonly kind: 'link'; readonly label: string; readonly url: string };

export const text = (words: string): Block => ({ kind: 'text', text: words });
export const rows = (...of: ReadonlyArray<readonly [label: string, value: string]>): Block => ({
  kind: 'rows',
  rows: of,
});
export const link = (label: string, url: string): Block => ({ kind: 'link', label, url });

/** Names were typed by people: one line each, whatever they typed. */
const oneLine = (words: string): string => words.replace(/\p{C}+/gu, ' ').trim();

export function asText(blocks: readonly Block[]): string {
  const parts = blocks.map((block) => {
    if (block.kind === 'text') return oneLine(block.text);
    if (block.kind === 'link') return `${oneLine(block.label)}:\n${block.url}`;
    return block.rows.map(([label, value]) => `${oneLine(label)}: ${oneLine(value)}`).join('\n');
  });
  return `${parts.join('\n\n')}\n`;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (words: string): string => oneLine(words).replace(/[&<>"]/g, (sign) => escapes[sign]!);

/** Mail programs know little of style sheets: few tags, each with its own style, and nothing that is fetched. */
export function asHtml(blocks: readonly Block[]): string {
  const parts = blocks.map((block) => {
    if (block.kind === 'text') return `<p style="margin:0 0 16px">${escaped(block.text)}</p>`;
    if (block.kind === 'link') {
      return `<p style="margin:0 0 16px"><a href="${escaped(block.url)}" style="color:#0b57d0">${escaped(block.label)}</a></p>`;
    }
    const cells = block.rows.map(
      ([label, value]) =>
        `<tr><td style="padding:2px 16px 2px 0">${escaped(label)}</td><td style="padding:2px 0;text-align:right">${escaped(value)}</td></tr>`,
    );
    return `<table role="presentation" style="margin:0 0 16px;border-collapse:collapse">${cells.join('')}</table>`;
  });
  return `<!doctype html><html lang="en"><body style="margin:24px;font:16px/1.5 sans-serif;color:#1a1a1a">${parts.join('')}</body></html>`;
}
