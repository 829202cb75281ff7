import { RE2JS, RE2JSException } from 're2js'

/** Characters of a pattern. */
export const MAX_PATTERN_CHARACTERS = 512
/** Steps of a compiled pattern: each costs about 15 ns per character of text where the fast automaton gives up. */
export const MAX_PATTERN_STEPS = 256
/** Characters of a text that a pattern runs over; what follows is not looked at. */
export const MAX_MATCHED_CHARACTERS = 65_536
/** Steps times characters: a pattern of more than 22 steps runs over less text, one of 256 over 5 859 characters. */
const MAX_WORK = 1_500_000

export interface Pattern {
  test(text: string): boolean
}

/**
 * Compiles a pattern of the RE2 dialect. It runs in time proportional to the text: no back-references, no lookaround.
 *
 * @returns What is wrong, as a sentence, when it can not be compiled or is too large.
 */
export function compilePattern(source: string): Pattern | string {
  if (source.length > MAX_PATTERN_CHARACTERS) {
    return `the pattern has more than ${MAX_PATTERN_CHARACTERS} characters`
  }
  let compiled: RE2JS
  try {
    compiled = RE2JS.compile(source)
  } catch (error) {
    return reasonOf(source, error)
  }
  const steps = compiled.programSize()
  if (steps > MAX_PATTERN_STEPS) {
    return `the pattern is too large: ${steps} steps, at most ${MAX_PATTERN_STEPS}. Repeat less.`
  }
  const maxCharacters = Math.min(MAX_MATCHED_CHARACTERS, Math.floor(MAX_WORK / steps))
  return { test: (text) => compiled.test(text.length > maxCharacters ? text.slice(0, maxCharacters) : text) }
}

function reasonOf(source: string, error: unknown): string {
  if (/\\[1-9]|\(\?P=|\\k</.test(source))
    return 'a pattern can not refer back to a group (\\1): that can take for ever'
  if (/\(\?(?:<?[=!])/.test(source)) return 'a pattern can not look ahead or behind: that can take for ever'
  if (error instanceof RE2JSException)
    return `the pattern can not be read: ${error.message.replace(/^error parsing regexp: /, '')}`
  return 'the pattern can not be compiled: it is nested too deeply'
}
