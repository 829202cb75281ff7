import {
  MAX_TOLD_DIFFERENCES,
  type ReplayDifference,
  type ReplayDifferenceKind,
} from '../../../shared/model/replay'
import { headersText, type Likeness } from './replay-script'

/** In what a message is not the recorded one; empty when it is the same. */
export function differenceOf(recorded: Likeness, come: Likeness): string {
  const parts: string[] = []
  if (recorded.route !== come.route) parts.push(`route "${come.route}" instead of "${recorded.route}"`)
  const headers = changedHeaders(recorded, come)
  if (headers !== '') parts.push(headers)
  if (recorded.bodyBytes !== come.bodyBytes) {
    parts.push(`${come.bodyBytes} bytes instead of ${recorded.bodyBytes}`)
  } else if (recorded.digest !== null && recorded.digest !== come.digest)
    parts.push('another body of the same length')
  return parts.join(', ')
}

function changedHeaders(recorded: Likeness, come: Likeness): string {
  if (headersText(recorded.headers) === headersText(come.headers)) return ''
  const names = [...new Set([...Object.keys(recorded.headers), ...Object.keys(come.headers)])]
  const changed = names.filter((name) => textOf(recorded, name) !== textOf(come, name))
  return changed.length === 1 ? `another header ${changed[0]!}` : `other headers ${changed.join(', ')}`
}

const textOf = ({ headers }: Likeness, name: string): string =>
  Object.hasOwn(headers, name) ? headersText({ [name]: headers[name]! }) : ''

/** What a run found to be other than the recording: the first are told, all are counted. */
export class RunDifferences {
  readonly #told: ReplayDifference[] = []
  #count = 0

  get count(): number {
    return this.#count
  }

  get told(): readonly ReplayDifference[] {
    return this.#told
  }

  add(kind: ReplayDifferenceKind, route: string, detail: string, atMs: number): ReplayDifference {
    this.#count += 1
    const difference = { number: this.#count, kind, route, detail, atMs }
    if (this.#told.length < MAX_TOLD_DIFFERENCES) this.#told.push(difference)
    return difference
  }
}
