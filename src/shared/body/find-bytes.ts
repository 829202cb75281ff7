/**
 * Where `needle` stands next: at or after `from`, or with `isBackward` at or before it; -1 when nowhere. Worst case
 * O(bytes · needle), so needles are bounded by their field.
 */
export function findBytes(bytes: Uint8Array, needle: Uint8Array, from: number, isBackward = false): number {
  if (needle.length === 0 || needle.length > bytes.length) return -1
  const last = bytes.length - needle.length
  const step = isBackward ? -1 : 1
  for (let at = Math.min(Math.max(from, 0), last); at >= 0 && at <= last; at += step) {
    if (isBackward ? from < 0 : from > last) return -1
    let matched = 0
    while (matched < needle.length && bytes[at + matched] === needle[matched]) matched += 1
    if (matched === needle.length) return at
  }
  return -1
}
