/** What both kinds of chart are drawn with. Colours are told apart on white by people who see few of them; dashes besides. */
export const INK = '#17191c';
export const INK_SOFT = '#55595f';
export const GRID = '#dcd9d1';
export const STYLES = [
  { colour: '#0d6b52', dash: '' },
  { colour: '#1f5fd6', dash: '7 3' },
  { colour: '#a3201d', dash: '2 3' },
  { colour: '#7b3fb0', dash: '9 3 2 3' },
  { colour: '#7a4b00', dash: '4 2' },
] as const;
export type Style = (typeof STYLES)[number];

export const FONT_PX = 12;
/** Mean width of a letter of that size; a browser's own measure is not at hand here. */
const LETTER_PX = 6.6;

export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

export const widthOf = (text: string): number => text.length * LETTER_PX;

/** Coordinates to a tenth: nobody sees more, and the files stay small. */
export const at = (value: number): string => String(Math.round(value * 10) / 10);

interface TextOptions {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly colour?: string;
  readonly bold?: boolean;
}

export const textAt = (
  x: number,
  y: number,
  text: string,
  { anchor = 'start', colour = INK_SOFT, bold = false }: TextOptions = {},
): string =>
  `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}" fill="${colour}"${bold ? ' font-weight="600"' : ''}>${escaped(text)}</text>`;

/**
 * A whole picture that stands alone, in a page as in a Markdown file: white, so that it can be read on any ground, as wide as the
 * room it is given, and named for who cannot see it.
 */
export const picture = (title: string, width: number, height: number, parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${at(height)}" width="${width}" height="${at(height)}" role="img" font-family="system-ui, 'Liberation Sans', Arial, sans-serif" font-size="${FONT_PX}"><title>${escaped(title)}</title><rect width="${width}" height="${at(height)}" fill="#ffffff"/>${parts.join('')}</svg>`;
