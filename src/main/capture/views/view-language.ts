import { ConsoleError } from '../../../shared/errors'
import { compileFilter, parseField, readField } from '../../../shared/filter'
import { splitPartner } from '../../../shared/filter/fields'
import type {
  CompiledFilter,
  FilterNode,
  FilterProblem,
  SubjectValues,
} from '../../../shared/filter/filter-types'
import { visibleLine } from '../preview'
import type { SubjectSource } from '../subject/message-cursor'
import { chunkSubject } from '../subject/chunk-subject'
import { messageSubject } from '../subject/message-subject'
import type { ChunkFilter } from './chunk-view'
import { columnBound } from './column-test'
import type { RowFilter } from './row-filter'
import type { CellOf } from './view'

/** What views understand of texts: filters, and fields as further columns. */
export interface ViewLanguage {
  /** Null for a text that every message matches. @throws ConsoleError `FILTER_INVALID` with the problems in `details`. */
  filter(text: string): RowFilter | null
  /** The filter for chunks, where the text speaks of them; else null. @throws as `filter`. */
  chunkFilter(text: string): ChunkFilter | null
  /** @throws ConsoleError `FILTER_INVALID` for what is no field. */
  cell(field: string): CellOf
  /** The number that a message has in a field; of several the first. @throws ConsoleError `FILTER_INVALID`. */
  numberOf(field: string): (messageId: number) => number | undefined
}

/** The filter language over a capture. */
export const viewLanguage = (source: SubjectSource): ViewLanguage => ({
  filter(text) {
    if (text.trim() === '') return null
    const result = compileFilter(text)
    if (!result.ok) throw invalid(text, result.problems)
    return rowFilter(result.filter, source)
  },
  chunkFilter(text) {
    if (text.trim() === '') return null
    const result = compileFilter(text)
    if (!result.ok) throw invalid(text, result.problems)
    const { node } = result.filter
    if (!someField(node, isOfChunk)) return null
    const subject = chunkSubject(source)
    return {
      looksAtMessage: someField(node, (name) => !isOfChunk(name)),
      admits: (row) => subject.moveTo(row) && result.filter.test(subject),
    }
  },
  cell(text) {
    const field = parseField(text)
    if ('message' in field) throw invalid(text, [field])
    const subject = messageSubject(source)
    const chunk = isOfChunk(field.name) ? chunkSubject(source) : null
    return (messageId, chunkRow) => {
      if (chunk !== null && chunkRow !== undefined)
        return chunk.moveTo(chunkRow) ? cellText(readField(chunk, field)) : ''
      return subject.moveTo(messageId) ? cellText(readField(subject, field)) : ''
    }
  },
  numberOf(text) {
    const field = parseField(text)
    if ('message' in field) throw invalid(text, [field])
    const subject = messageSubject(source)
    return (messageId) => (subject.moveTo(messageId) ? firstNumber(readField(subject, field)) : undefined)
  },
})

/** What it costs to look at a message beside its body, in bytes of a body; and where the body of a partner may be meant. */
const MESSAGE_READ_BYTES = 32
const PARTNER_READ_BYTES = 4096

function rowFilter(filter: CompiledFilter, source: SubjectSource): RowFilter {
  const { node, dependsOnNow } = filter
  const subject = messageSubject(source)
  const bound = columnBound(node, subject, source)
  const looksAtPartner = someField(node, isOfPartner)
  if (bound?.isExact) return { isSlow: false, looksAtPartner, dependsOnNow, readBytes: 0, admits: bound.test }
  const messageBytes = looksAtPartner ? PARTNER_READ_BYTES : MESSAGE_READ_BYTES
  let readBytes = 0
  return {
    isSlow: true,
    looksAtPartner,
    dependsOnNow,
    get readBytes() {
      return readBytes
    },
    admits: (columns, at, id) => {
      if (bound !== null && !bound.test(columns, at, id)) return false
      readBytes += messageBytes + columns.doneBytes[at]!
      return subject.moveTo(id) && filter.test(subject)
    },
  }
}

/** Plain words are looked for in fields of the message. */
function someField(node: FilterNode, is: (name: string) => boolean): boolean {
  switch (node.op) {
    case 'and':
    case 'or':
      return node.parts.some((part) => someField(part, is))
    case 'not':
      return someField(node.part, is)
    case 'find':
      return is('text')
    default:
      return is(node.field.name)
  }
}

const isOfPartner = (name: string): boolean => splitPartner(name)[0] !== null
const isOfChunk = (name: string): boolean => name.startsWith('chunk.')

function invalid(text: string, problems: readonly FilterProblem[]): ConsoleError {
  const [first] = problems
  const where = first === undefined ? '' : ` at character ${first.from + 1}: ${first.message}`
  return new ConsoleError('FILTER_INVALID', `the filter is not understood${where}`, {
    filter: text,
    problems,
  })
}

/** Truth counts as 1, so that states can be drawn. What no double can hold is not drawn. */
function firstNumber(values: SubjectValues): number | undefined {
  const single = typeof values === 'object' && !(values instanceof Uint8Array) ? values[0] : values
  if (typeof single !== 'number' && typeof single !== 'bigint' && typeof single !== 'boolean')
    return undefined
  const value = Number(single)
  return Number.isFinite(value) ? value : undefined
}

const CELL_BYTES = 53

function cellText(values: SubjectValues): string {
  if (values === undefined) return ''
  if (typeof values === 'string') return visibleLine(values)
  if (values instanceof Uint8Array) {
    const shown = Array.from(values.subarray(0, CELL_BYTES), (byte) => byte.toString(16).padStart(2, '0'))
    return shown.join(' ') + (values.length > CELL_BYTES ? '…' : '')
  }
  if (typeof values === 'object') return visibleLine(values.slice(0, CELL_BYTES).map(cellText).join(', '))
  return String(values)
}
