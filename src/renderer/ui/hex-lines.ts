/** One row of a hex dump: offset, bytes in pairs of digits, printable ASCII. */
export interface HexLine {
  readonly offset: string
  readonly hex: string
  readonly ascii: string
}

/** Width of the offset column that fits the whole body: 4 digits up to 64 KiB, then 6, then 8. */
export const offsetDigits = (totalBytes: number): number =>
  totalBytes <= 0x1_0000 ? 4 : totalBytes <= 0x100_0000 ? 6 : 8

/** @param bytes - The bytes of this row only, at most `perRow` of them. */
export function hexLine(bytes: Uint8Array, offset: number, digits: number): HexLine {
  let hex = ''
  let ascii = ''
  for (const [index, byte] of bytes.entries()) {
    // a wider gap in the middle of sixteen lets the eye count
    hex += (index === 0 ? '' : index === 8 ? '  ' : ' ') + byte.toString(16).padStart(2, '0')
    ascii += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'
  }
  return { offset: offset.toString(16).padStart(digits, '0'), hex, ascii }
}

/** Characters the hex column of a full row takes. */
export const hexColumnWidth = (perRow: number): number => perRow * 3 - 1 + (perRow > 8 ? 1 : 0)
