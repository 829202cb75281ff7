/** Whom a message is for, as its meta `@` says (socketd.md §8). */
export type BrokerTarget =
  /** `*`: all that have a name, but the sender. */
  | { readonly kind: 'everybody' }
  /** `name*`: all of that name, but the sender. */
  | { readonly kind: 'all'; readonly name: string }
  /** `name!`: one of that name, always the same for the same hash. */
  | { readonly kind: 'by-hash'; readonly name: string }
  /** `name`: one of that name after the other. */
  | { readonly kind: 'in-turn'; readonly name: string }

/** Undefined where the word names nobody. */
export function parseBrokerTarget(word: string): BrokerTarget | undefined {
  if (word === '*') return { kind: 'everybody' }
  const name = word.replace(/[*!]$/, '')
  if (name === '') return undefined
  if (word.endsWith('*')) return { kind: 'all', name }
  return { kind: word.endsWith('!') ? 'by-hash' : 'in-turn', name }
}
