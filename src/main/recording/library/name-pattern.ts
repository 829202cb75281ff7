import { ConsoleError } from '../../../shared/errors'
import { entryNameProblem, MAX_ENTRY_PART_LENGTH } from '../../../shared/workspace/entry-name'

/** What a pattern of names can say. */
export interface NameFacts {
  /** What the device or the link is called. */
  readonly device: string
  readonly profile: string
  /** The dialect, such as `lso`. */
  readonly protocol: string
  /** Local wall clock of the beginning. */
  readonly startedAt: Date
}

/** Room for what makes a name unlike others, and for the numbers of parts. */
const MAX_MADE_LENGTH = MAX_ENTRY_PART_LENGTH - 12

const two = (value: number): string => `${value}`.padStart(2, '0')

const WORDS: Readonly<Record<string, (facts: NameFacts) => string>> = {
  device: ({ device }) => device,
  profile: ({ profile }) => profile,
  protocol: ({ protocol }) => protocol,
  date: ({ startedAt }) =>
    `${startedAt.getFullYear()}-${two(startedAt.getMonth() + 1)}-${two(startedAt.getDate())}`,
  time: ({ startedAt }) =>
    [startedAt.getHours(), startedAt.getMinutes(), startedAt.getSeconds()].map(two).join('-'),
}

/**
 * The name that a pattern such as `{date} {time} {device}` gives, without extension. What facts hold that no file may be
 * called becomes a hyphen: they come from devices and addresses.
 *
 * @throws ConsoleError `RECORDING_PATTERN_INVALID`.
 */
export function nameFromPattern(pattern: string, facts: NameFacts): string {
  const filled = pattern.replaceAll(/\{([^{}]*)\}/g, (whole, word: string) => {
    const value = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
    if (value === undefined) {
      const known = Object.keys(WORDS).map((name) => `{${name}}`)
      throw new ConsoleError(
        'RECORDING_PATTERN_INVALID',
        `${whole} is not known; there are ${known.join(', ')}`,
        { word },
      )
    }
    return value(facts)
  })
  const name = harmless(filled)
  const problem = entryNameProblem(name)
  if (problem === null) return name
  throw new ConsoleError('RECORDING_PATTERN_INVALID', `the pattern gives no name of a file: ${problem}`)
}

function harmless(text: string): string {
  const plain = text
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .replaceAll(/[<>:"/\\|?*]+/g, '-')
    .replaceAll(/\s+/g, ' ')
  const cut = Array.from(plain).reduce(
    (kept, character) => (kept.length + character.length > MAX_MADE_LENGTH ? kept : kept + character),
    '',
  )
  return cut.replaceAll(/^[. -]+|[. -]+$/g, '')
}
