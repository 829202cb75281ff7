import { explanationMarkdown } from '../../../shared/model/explanation-markdown'
import type { MessageClosed, MessageOpened, RequestSettled, TraceEvent } from '../../../shared/model/trace'
import { placeOfChannel } from '../format/channels'
import type { SessionTime } from '../format/session-time'
import type { ReadEntry } from '../read/recording-trace'
import { ExplainedMessages } from './explained-messages'
import { type Exporter, type ExportHead, type ExportPiece, isoText } from './export-format'
import { noteOf, type RecordedNote } from './recorded-note'
import { SlowestMessages } from './slowest-messages'

const MAX_NOTES_TOLD = 200
const MAX_LINKS_TOLD = 64
const MAX_FAULT_KINDS = 64
/** Messages that wait for their answer. */
const MAX_OPEN = 65_536

interface LinkFacts {
  readonly url: string
  received: number
  sent: number
  messages: number
}

interface FaultFacts {
  readonly code: string
  readonly firstMs: number
  readonly detail: string
  count: number
  lostBytes: number
}

/** A report in Markdown: what the session was, what went wrong, what people wrote, and why the slowest messages took so long. */
export class ReportExport implements Exporter {
  readonly seesAll = true
  readonly #explained = new ExplainedMessages()
  readonly #slowest = new SlowestMessages()
  readonly #links = new Map<number, LinkFacts>()
  readonly #faults = new Map<string, FaultFacts>()
  readonly #notes = new Map<number, RecordedNote>()
  readonly #opened = new Map<string, MessageOpened>()
  #time: SessionTime | null = null
  #facts: ReadonlyMap<string, string> = new Map()
  #shows: ExportHead['shows'] = null
  #gaps = 0
  #firstMs: number | null = null
  #lastMs = 0

  begin({ facts, time, shows }: ExportHead): readonly ExportPiece[] {
    this.#facts = facts
    this.#time = time
    this.#shows = shows
    return []
  }

  entry({ entry, event }: ReadEntry): readonly ExportPiece[] {
    if (event !== undefined) {
      this.#firstMs ??= event.atMs
      this.#lastMs = Math.max(this.#lastMs, event.atMs)
      this.#explained.observe(event)
      this.#count(event)
      return []
    }
    const name = placeOfChannel(entry.channelId)?.name
    const note = name === 'note' ? noteOf(entry.data) : null
    if (note !== null && (this.#notes.size < MAX_NOTES_TOLD || this.#notes.has(note.noteId)))
      this.#notes.set(note.noteId, note)
    if (name === 'gap') this.#gaps += 1
    return []
  }

  end(): readonly ExportPiece[] {
    const lines = [
      '# Report of a recording',
      '',
      ...this.#session(),
      ...this.#linkTable(),
      ...this.#problems(),
      ...this.#noteList(),
      ...this.#slowestPart(),
    ]
    return [{ suffix: '', bytes: `${lines.join('\n').trimEnd()}\n` }]
  }

  #count(event: TraceEvent): void {
    const link = this.#links.get(event.linkId)
    switch (event.type) {
      case 'link-state':
        if (link === undefined && this.#links.size < MAX_LINKS_TOLD)
          this.#links.set(event.linkId, { url: event.url, received: 0, sent: 0, messages: 0 })
        return
      case 'bytes':
        if (link !== undefined && event.dir === 'in') link.received += event.byteCount
        if (link !== undefined && event.dir === 'out') link.sent += event.byteCount
        return
      case 'message-opened':
        if (link !== undefined) link.messages += 1
        if (this.#opened.size < MAX_OPEN) this.#opened.set(`${event.linkId} ${event.messageKey}`, event)
        return
      case 'message-closed':
        this.#closed(event)
        return
      case 'request-settled':
        this.#settled(event)
        return
      case 'fault':
        this.#fault(event)
        return
      default:
    }
  }

  #closed(event: MessageClosed): void {
    const key = `${event.linkId} ${event.messageKey}`
    const opened = this.#opened.get(key)
    if (opened === undefined || (opened.kind === 'request' && opened.dir === 'out')) return
    this.#opened.delete(key)
    this.#judge(opened, event.atMs)
  }

  #settled(event: RequestSettled): void {
    const key = `${event.linkId} ${event.requestKey}`
    const opened = this.#opened.get(key)
    this.#opened.delete(key)
    if (opened !== undefined) this.#judge(opened, event.atMs)
  }

  #judge({ linkId, messageKey, atMs, dir }: MessageOpened, untilMs: number): void {
    if (this.#shows !== null && !this.#shows(linkId, messageKey, dir)) return
    if (!this.#slowest.wants(untilMs - atMs)) return
    const explanation = this.#explained.explain(this.#explained.numberOf(linkId, messageKey), linkId, untilMs)
    if (explanation !== null) this.#slowest.add(explanation)
  }

  #fault({ code, atMs, detail, lostBytes }: Extract<TraceEvent, { readonly type: 'fault' }>): void {
    const known = this.#faults.get(code)
    if (known !== undefined) {
      known.count += 1
      known.lostBytes += lostBytes
    } else if (this.#faults.size < MAX_FAULT_KINDS) {
      this.#faults.set(code, { code, firstMs: atMs, detail, count: 1, lostBytes })
    }
  }

  #session(): string[] {
    const fromMs = this.#firstMs ?? 0
    const facts = [...this.#facts].filter(([name]) => !HIDDEN_FACTS.has(name))
    return [
      '## Session',
      '',
      '| Fact | Value |',
      '| --- | --- |',
      `| From | ${this.#iso(fromMs)} |`,
      `| To | ${this.#iso(this.#lastMs)} |`,
      `| Length | ${((this.#lastMs - fromMs) / 1000).toFixed(3)} s |`,
      ...facts.map(([name, value]) => `| ${plain(name)} | ${plain(value)} |`),
      '',
    ]
  }

  #linkTable(): string[] {
    if (this.#links.size === 0) return []
    const rows = [...this.#links].map(
      ([linkId, { url, received, sent, messages }]) =>
        `| ${linkId} | ${plain(url)} | ${received} | ${sent} | ${messages} |`,
    )
    const head = [
      '| Link | Address | Bytes received | Bytes sent | Messages |',
      '| ---: | --- | ---: | ---: | ---: |',
    ]
    return ['## Links', '', ...head, ...rows, '']
  }

  #problems(): string[] {
    const gaps =
      this.#gaps === 0 ? [] : [`The recording has ${this.#gaps} gaps: what passed there is missing.`, '']
    if (this.#faults.size === 0) return ['## Problems', '', ...(gaps.length > 0 ? gaps : ['None.', ''])]
    const rows = [...this.#faults.values()].map(
      ({ code, count, lostBytes, firstMs, detail }) =>
        `| ${code} | ${count} | ${lostBytes} | ${(firstMs / 1000).toFixed(3)} | ${plain(detail)} |`,
    )
    const head = [
      '| Code | Times | Bytes lost | First at (s) | What it said |',
      '| --- | ---: | ---: | ---: | --- |',
    ]
    return ['## Problems', '', ...gaps, ...head, ...rows, '']
  }

  #noteList(): string[] {
    if (this.#notes.size === 0) return []
    const items = [...this.#notes.values()].map(({ atMs, text, messageId }) => {
      const about = messageId === null ? '' : ` on \\#${messageId}`
      return `- ${(atMs / 1000).toFixed(3)} s${about}: ${plain(text)}`
    })
    return ['## Notes', '', ...items, '']
  }

  #slowestPart(): string[] {
    const parts = this.#slowest.all.flatMap((explanation) => [explanationMarkdown(explanation).trimEnd(), ''])
    const title = this.#shows === null ? '## Slowest messages' : '## Slowest of the chosen messages'
    return parts.length === 0 ? [] : [title, '', ...parts]
  }

  #iso(atMs: number): string {
    return isoText(this.#time?.toNs(atMs) ?? 0n)
  }
}

const HIDDEN_FACTS: ReadonlySet<string> = new Set(['started_ns'])
/** Texts of a file as they are, without what would be formatting. */
const plain = (text: string): string =>
  text.replaceAll(/\p{C}/gu, ' ').replaceAll(/[\\`*_{}[\]()#+!|<>~&]/g, (char) => `\\${char}`)
