const two = (value: number): string => String(value).padStart(2, '0')

/** `00:12:31`, as on a tape: it does not change its width for the first four days. */
export function elapsedWords(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000)
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':')
}
