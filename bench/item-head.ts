/**
 * Subscription and number of an item of the contract, read from the beginning of its frame. What a screen would do with
 * the rest is another process's time; here it would only take the machine from what is measured.
 *
 * @returns null for a frame that is no item.
 */
export function itemHead(frame: Uint8Array): { readonly id: number; readonly seq: number } | null {
  const at = { position: 0 }
  if (frame[at.position++] !== 0x84) return null // a map of t, id, seq and value
  if (text(frame, at) !== 't' || text(frame, at) !== 'item' || text(frame, at) !== 'id') return null
  const id = whole(frame, at)
  if (text(frame, at) !== 'seq') return null
  return { id, seq: whole(frame, at) }
}

interface Position {
  position: number
}

function text(frame: Uint8Array, at: Position): string {
  const length = frame[at.position++]! & 0x1f
  at.position += length
  return String.fromCharCode(...frame.subarray(at.position - length, at.position))
}

/** @throws RangeError for what is not a whole number of up to four bytes. */
function whole(frame: Uint8Array, at: Position): number {
  const kind = frame[at.position++]!
  if (kind < 0x80) return kind
  const bytes = { 0xcc: 1, 0xcd: 2, 0xce: 4 }[kind]
  if (bytes === undefined) throw new RangeError(`0x${kind.toString(16)} begins no whole number`)
  let value = 0
  for (let count = 0; count < bytes; count++) value = value * 256 + frame[at.position++]!
  return value
}
