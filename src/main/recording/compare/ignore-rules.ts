import { ConsoleError } from '../../../shared/errors'
import { MAX_IGNORED_CHARACTERS, MAX_IGNORED_FIELDS } from '../../../shared/model/compare'

/** Where a field stands: in the message itself, or in the answer to it. */
export type FieldPlace = 'body' | 'reply' | 'header' | 'reply.header' | 'status'

interface Rule {
  readonly places: readonly FieldPlace[]
  /** `*` stands for any one name or index. */
  readonly path: readonly string[]
}

/** Fields that may differ without making a difference, such as a time stamp or a counter. */
export class IgnoreRules {
  readonly texts: readonly string[]
  readonly #rules: readonly Rule[]

  private constructor(texts: readonly string[], rules: readonly Rule[]) {
    this.texts = texts
    this.#rules = rules
  }

  /**
   * @param texts - `body.PATH` (of every message, answers too), `reply.PATH` (of answers), `header.NAME`,
   *   `reply.header.NAME`, `status`; `[3]` or `.3` is an item of a list, `*` any name.
   * @throws ConsoleError `COMPARE_IGNORE_INVALID`.
   */
  static parse(texts: readonly string[]): IgnoreRules {
    if (texts.length > MAX_IGNORED_FIELDS) {
      throw new ConsoleError('COMPARE_IGNORE_INVALID', `at most ${MAX_IGNORED_FIELDS} fields can be ignored`)
    }
    return new IgnoreRules(texts, texts.map(readRule))
  }

  ignores(place: FieldPlace, path: readonly (string | number)[]): boolean {
    return this.#rules.some((rule) => rule.places.includes(place) && isWithin(path, rule.path))
  }

  /** Whether anything in bodies at this place may be left out. */
  touches(place: FieldPlace): boolean {
    return this.#rules.some((rule) => rule.places.includes(place))
  }
}

function readRule(text: string): Rule {
  const words = text.replaceAll(/\[(\d{1,9}|\*)\]/g, '.$1').split('.')
  if (text.length > MAX_IGNORED_CHARACTERS || words.includes('')) throw invalid(text)
  const [first, second] = words
  if (first === 'body') return { places: ['body', 'reply'], path: words.slice(1) }
  if (first === 'header') return { places: ['header', 'reply.header'], path: words.slice(1) }
  if (first === 'status' && words.length === 1) return { places: ['status'], path: [] }
  if (first === 'reply' || first === 'rep') {
    if (second === 'header') return { places: ['reply.header'], path: words.slice(2) }
    return { places: ['reply'], path: words.slice(second === 'body' ? 2 : 1) }
  }
  throw invalid(text)
}

const invalid = (text: string): ConsoleError =>
  new ConsoleError('COMPARE_IGNORE_INVALID', `"${text.slice(0, 80)}" is no field that can be ignored`, {
    text,
  })

/** Whether a path is the one of the rule, or lies below it. */
const isWithin = (path: readonly (string | number)[], rule: readonly string[]): boolean =>
  path.length >= rule.length && rule.every((step, at) => step === '*' || step === String(path[at]))
