import type { LinkStateEvent, MessageOpened, TraceEvent } from '../../shared/model/trace'
import { AccountLines } from './account-lines'
import type { BodyView } from './body-view'
import {
  cacheLine,
  clockLine,
  faultLine,
  frameLine,
  linkLine,
  messageLine,
  type Output,
  type OutputLine,
  sessionLine,
  stringify,
  taskLine,
} from './output'
import { safeLine } from './safe-text'

export interface TraceLinesOptions {
  /** Frames are many; only a monitor wants them. */
  readonly hasFrames: boolean
  /** Say of each message where its time went. */
  readonly hasAccounts?: boolean
  /** Asked about every event, in order: what is not admitted is not told of. */
  readonly admits?: (event: TraceEvent) => boolean
  /** Keep back what happens until `begin`, because another line has to be the first. */
  readonly isHeld: boolean
}

/** Writes trace events as they happen. A message is one line, when it ended. */
export class TraceLines {
  readonly #out: Output
  readonly #options: TraceLinesOptions
  readonly #open = new Map<string, MessageOpened>()
  readonly #accounts: AccountLines | undefined
  #held: (() => void)[] | undefined

  constructor(out: Output, options: TraceLinesOptions) {
    this.#out = out
    this.#options = options
    this.#accounts = options.hasAccounts
      ? new AccountLines((line, atMs) => this.#write(line, atMs))
      : undefined
    if (options.isHeld) this.#held = []
  }

  begin(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const write of held) write()
  }

  readonly onTrace = (event: TraceEvent): void => {
    const line = this.#lineOf(event)
    const isAdmitted = this.#options.admits?.(event) ?? true
    if (line && isAdmitted) this.#write(line, event.atMs)
    this.#accounts?.observe(event)
  }

  #write(line: OutputLine, atMs: number): void {
    const write = (): void =>
      this.#out.line(line, this.#out.isJsonl ? undefined : safeLine(textOf(line, atMs)))
    if (this.#held) this.#held.push(write)
    else write()
  }

  #lineOf(event: TraceEvent): OutputLine | undefined {
    switch (event.type) {
      case 'link-state':
        return isOfListener(event) ? undefined : linkLine(event)
      case 'frame':
        return this.#options.hasFrames ? frameLine(event) : undefined
      case 'message-opened':
        this.#open.set(keyOf(event), event)
        return undefined
      case 'message-closed': {
        const opened = this.#open.get(keyOf(event))
        this.#open.delete(keyOf(event))
        return opened && messageLine(opened, event)
      }
      case 'fault':
        return faultLine(event)
      case 'session':
        return sessionLine(event)
      case 'task-run':
        return taskLine(event)
      case 'cache':
        return cacheLine(event)
      case 'clock-sample':
        return this.#options.hasFrames ? clockLine(event) : undefined
      default:
        return undefined
    }
  }
}

/** That a listener opens and listens is told by the line `listening`. */
const isOfListener = ({ phase, url }: LinkStateEvent): boolean =>
  phase === 'listening' || (phase === 'opening' && /^\w+-listen:/.test(url))

const keyOf = (event: { readonly linkId: number; readonly messageKey: number }): string =>
  `${event.linkId}:${event.messageKey}`

function textOf(line: OutputLine, atMs: number): string {
  const time = `${atMs.toFixed(1).padStart(10)} ms `
  switch (line.event) {
    case 'link':
      return `${time} link ${line.link} ${line.state} ${line.peer ?? ''}${line.detail ?? ''}`.trimEnd()
    case 'frame':
      return `${time} ${line.dir.padEnd(3)} ${line.kind.padEnd(8)} ${line.bytes} bytes at ${line.offset} ${line.ref}`
    case 'message': {
      const { dir, id, kind, route, bytes, body, outcome } = line
      const ending = outcome ? ` (${outcome}${line.code ? `, ${line.code}` : ''})` : ''
      return `${time} ${dir.padEnd(3)} ${kind.padEnd(8)} ${route} ${bytes} bytes ${id}${ending} ${previewOf(body)}`
    }
    case 'fault':
      return `${time} fault ${line.code} at ${line.offset}: ${line.detail}`
    case 'account': {
      const parts = Object.entries(line.parts).map(
        ([part, ms]) => `${part.replace('Ms', '')} ${ms.toFixed(1)}`,
      )
      const by = line.blockedBy.slice(0, 3).map(({ id, ms }) => `${id || 'others'} ${ms.toFixed(1)}`)
      const blockers = by.length === 0 ? '' : `; behind ${by.join(', ')}`
      return `${time} time ${line.id} ${line.route} ${line.totalMs.toFixed(1)} ms: ${parts.join(', ')}${blockers}`
    }
    case 'session': {
      const peer = line.peer === '' ? '' : ` ${line.peer}`
      const why = line.detail === undefined ? '' : `: ${line.detail}`
      return `${time} session ${line.state}${line.resumed ? ' (goes on)' : ''}${peer}${why}`
    }
    case 'cache':
      return `${time} cache ${line.change} ${line.key ?? 'all'} ${line.by ?? ''}`.trimEnd()
    case 'task': {
      const late = line.lateMs === undefined ? '' : `, ${line.lateMs.toFixed(1)} ms late`
      return `${time} task ${line.task} ${line.outcome}${late}: ${line.detail}`
    }
    case 'clock': {
      const drift = line.driftPpm === null ? '' : `, drift ${line.driftPpm.toFixed(1)} ppm`
      return `${time} clock of the peer ${line.offsetMs.toFixed(3)} ms ±${line.uncertaintyMs.toFixed(3)} ms${drift}`
    }
    default:
      return `${time} ${line.event}`
  }
}

/** At most one short line. */
function previewOf(body: BodyView): string {
  const text = 'json' in body ? stringify(body.json) : 'text' in body ? body.text : body.hex
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
