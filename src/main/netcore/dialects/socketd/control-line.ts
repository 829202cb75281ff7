import { utf8 } from '../../../../shared/bytes'
import { bareFrame, frameHead, frameNames } from './wire/frame'
import type { FrameKind } from './wire/flags'
import type { PlainFrame } from './frame-draft'

/** Pongs that wait; a peer that pings without reading gets no more. */
const MOST_PONGS = 64
/** Frames of the protocol itself that wait: a peer that asks without reading is hung up on. */
const MOST_WAITING = 1024

const MOST_EVENT_BYTES = 510

const NO_DATA: Uint8Array = new Uint8Array(0)

/** Frames that concern no message of ours, and answers that nobody here wrote: they go ahead of everything. */
export class ControlLine {
  #waiting: (PlainFrame & { readonly sid: string })[] = []
  #pongs = 0

  get isOverfull(): boolean {
    return this.#waiting.length > MOST_WAITING
  }

  /** A frame without a message. */
  bare(kind: 'ping' | 'pong'): void {
    if (kind === 'pong') {
      if (this.#pongs >= MOST_PONGS) return
      this.#pongs += 1
    }
    this.#waiting.push({ frameKind: kind, sid: '', parts: [bareFrame(kind)], dataBytes: 0 })
  }

  add(kind: FrameKind, sid: string, event: string, meta: string, data = NO_DATA): void {
    const head = frameHead(kind, frameNames(sid, event), meta, data.length)
    const parts = data.length === 0 ? [head] : [head, data]
    this.#waiting.push({ frameKind: kind, sid, parts, dataBytes: data.length })
  }

  /** The URL stands twice: as event too, for servers before 2.2.2, where it is short enough. */
  connect(sid: string, url: string, meta: string): void {
    const data = utf8(url)
    this.add('connect', sid, data.length <= MOST_EVENT_BYTES ? url : '', meta, data)
  }

  close(code: number): void {
    this.add('close', '', '', `code=${code}`)
  }

  next(): (PlainFrame & { readonly sid: string }) | undefined {
    const first = this.#waiting.shift()
    if (first?.frameKind === 'pong') this.#pongs -= 1
    return first
  }

  clear(): void {
    this.#waiting = []
    this.#pongs = 0
  }
}
