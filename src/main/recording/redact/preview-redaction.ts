import { ConsoleError } from '../../../shared/errors'
import type { RedactionPreview } from '../../../shared/model/exports'
import type { MessageOpened } from '../../../shared/model/trace'
import type { ByteSource } from '../read/byte-source'
import type { Decompress } from '../read/plain-block'
import { RecordingTrace } from '../read/recording-trace'
import { concernsBody } from './redact-body'
import { type RedactionRule, rulesOf, wordsOf } from './redaction-rules'

export interface PreviewRun {
  readonly source: ByteSource
  readonly decompress: Decompress
  readonly rules: readonly RedactionRule[]
  /** Whether to stop here and tell what was found so far. Asked once a block. */
  readonly isEnough: () => boolean
  readonly signal: AbortSignal
}

/** Messages that have begun and not ended: of more, headers and body of one may be counted as two. */
const MAX_OPEN_MESSAGES = 65_536

interface OpenMessage {
  readonly rules: readonly RedactionRule[]
  /** Those whose headers it has. */
  readonly found: ReadonlySet<RedactionRule>
}

/**
 * Counts the messages of which each rule would mask something, without writing anything.
 *
 * @throws ConsoleError `EXPORT_CANCELLED`; what the source throws.
 */
export async function previewRedaction(run: PreviewRun): Promise<RedactionPreview> {
  const { source, decompress, rules, isEnough, signal } = run
  const trace = new RecordingTrace(source, decompress)
  const counts = new Map(rules.map((rule) => [rule, 0]))
  const open = new Map<string, OpenMessage>()
  let messages = 0
  let readBytes = 0
  let isWhole = true
  const count = (found: Iterable<RedactionRule>): void => {
    for (const rule of found) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  }
  for await (const { event } of trace.entries(signal)) {
    if (trace.readBytes !== readBytes) {
      readBytes = trace.readBytes
      isWhole = !isEnough()
      if (!isWhole) break
    }
    if (event?.type !== 'message-opened' && event?.type !== 'message-closed') continue
    const key = `${event.linkId} ${event.messageKey}`
    if (event.type === 'message-opened') {
      messages += 1
      const concerned = rulesOf(rules, event.route)
      if (concerned.length === 0) continue
      open.set(key, {
        rules: concerned,
        found: new Set(concerned.filter((rule) => hasHeaderOf(rule, event))),
      })
      if (open.size <= MAX_OPEN_MESSAGES) continue
      const [oldest, { found }] = open.entries().next().value!
      open.delete(oldest)
      count(found)
    } else {
      const begun = open.get(key)
      open.delete(key)
      if (begun === undefined) continue
      const { body } = event
      count(begun.rules.filter((rule) => begun.found.has(rule) || concernsBody(rule, body)))
    }
  }
  if (signal.aborted) throw new ConsoleError('EXPORT_CANCELLED', 'it was stopped')
  for (const { found } of open.values()) count(found)
  return {
    rules: rules.map((rule) => ({ words: wordsOf(rule), messages: counts.get(rule) ?? 0 })),
    messages,
    isWhole,
  }
}

function hasHeaderOf({ headers }: RedactionRule, { headers: had }: MessageOpened): boolean {
  return headers.length > 0 && Object.keys(had).some((name) => headers.includes(name.toLowerCase()))
}
