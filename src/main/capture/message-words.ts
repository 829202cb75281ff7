import { ERROR_CATALOGUE, type ErrorCode } from '../../shared/errors'
import type { Direction, MessageKind, MessageOutcome } from '../../shared/model/trace'
import type { MessageStatus } from '../../shared/model/views'

/** Words as small numbers, for columns. */
class WordTable<Word extends string> {
  readonly #words: readonly Word[]
  readonly #numbers: ReadonlyMap<Word, number>

  constructor(words: readonly Word[]) {
    this.#words = words
    this.#numbers = new Map(words.map((word, index) => [word, index]))
  }

  number(word: Word): number {
    return this.#numbers.get(word)!
  }

  word(number: number): Word {
    return this.#words[number]!
  }
}

export const DIRECTIONS = new WordTable<Direction>(['out', 'in'])
export const KINDS = new WordTable<MessageKind>(['request', 'response', 'event', 'bytes'])
export const STATUSES = new WordTable<MessageStatus>([
  'queued',
  'sending',
  'sent',
  'waiting',
  'answered',
  'receiving',
  'received',
  'cancelled',
  'failed',
  'timeout',
  'interrupted',
])
/** `open` while no outcome is known. */
export const OUTCOMES = new WordTable<MessageOutcome | 'open'>([
  'open',
  'complete',
  'cancelled',
  'failed',
  'interrupted',
])

const CODES = new WordTable<ErrorCode>(Object.keys(ERROR_CATALOGUE) as ErrorCode[])
/** 0 is no code. */
export const codeNumber = (code: ErrorCode | null): number => (code === null ? 0 : CODES.number(code) + 1)
export const codeWord = (number: number): ErrorCode | null => (number === 0 ? null : CODES.word(number - 1))
