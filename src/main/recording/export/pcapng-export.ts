import type { BytesEvent, Direction, FrameEvent, TraceEvent } from '../../../shared/model/trace'
import type { ReadEntry } from '../read/recording-trace'
import type { SessionTime } from '../format/session-time'
import type { Exporter, ExportHead, ExportPiece } from './export-format'
import {
  Fields,
  interfaceBlock,
  LINKTYPE_UPPER_PDU,
  LINKTYPE_USER0,
  packetBlock,
  sectionBlock,
} from './pcapng-writer'
import { StreamWindow } from './stream-window'

/** How Wireshark finds the dissector: by the link type (`user0`), or by its name in each packet (`upper-pdu`). */
export type PcapngBinding = 'user0' | 'upper-pdu'

const PSEUDO_HEADER_VERSION = 1
const PROTOCOLS: Readonly<Record<string, number>> = { lso: 1, native: 4, raw: 5, netconduit: 2, socketd: 3 }
const NOISE = 255
const FLAG = { out: 1, repeated: 8 } as const
/** Bytes that wait for their frame; more of them are given out as noise. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024
/** Frames whose bytes are not there yet; of a recording that lacks them, no more are kept. */
const MAX_EARLY_FRAMES = 256
/** Tag list of an upper PDU (Wireshark's epan/exported_pdu.h): the name of the dissector, then the end. */
const TAG = { end: 0, dissectorName: 12 } as const

/**
 * A pcapng file for Wireshark with one packet per frame, whatever the reads and writes were. Bytes that belong to no frame
 * are packets flagged as noise: nothing is hidden. Before each frame stands a pseudo-header of 8 bytes; resources/wireshark
 * has the dissector.
 */
export class PcapngExport implements Exporter {
  readonly #binding: PcapngBinding
  readonly #interfaces = new Map<number, { readonly id: number; readonly protocol: number }>()
  readonly #windows = new Map<string, StreamWindow>()
  /** Frames that were told of before their bytes: those that we send. */
  readonly #early: FrameEvent[] = []
  /** Our numbers of messages, as the console counts them when it opens the recording. */
  readonly #messageIds = new Map<string, number>()
  #messageCount = 0
  #time: SessionTime | null = null
  /** Of the entry read last, for bytes that are still waiting at the end. */
  #nowMs = 0

  constructor(binding: PcapngBinding) {
    this.#binding = binding
  }

  begin({ facts, time }: ExportHead): readonly ExportPiece[] {
    this.#time = time
    return [piece(sectionBlock(`Netcore Console, session ${facts.get('session_id') ?? 'unknown'}`))]
  }

  entry({ event }: ReadEntry): readonly ExportPiece[] {
    this.#nowMs = event?.atMs ?? this.#nowMs
    switch (event?.type) {
      case 'link-state':
        return this.#interface(event.linkId, event.url)
      case 'message-opened':
        this.#messageIds.set(`${event.linkId} ${event.dir} ${event.messageKey}`, ++this.#messageCount)
        return []
      case 'bytes':
        return this.#bytes(event)
      case 'frame':
        return event.wireBytes === 0 ? [] : this.#frame(event)
      default:
        return []
    }
  }

  end(): readonly ExportPiece[] {
    return [...this.#windows].flatMap(([key, window]) => {
      const [linkId, dir] = key.split(' ')
      return this.#noise(Number(linkId), dir as Direction, window, window.end, null)
    })
  }

  #interface(linkId: number, url: string): ExportPiece[] {
    if (this.#interfaces.has(linkId)) return []
    const dialect = /[?&]dialect=([a-z]+)/.exec(url)?.[1] ?? 'lso'
    this.#interfaces.set(linkId, { id: this.#interfaces.size, protocol: PROTOCOLS[dialect] ?? NOISE })
    const type = this.#binding === 'user0' ? LINKTYPE_USER0 : LINKTYPE_UPPER_PDU
    return [piece(interfaceBlock(type, `link ${linkId}`, url))]
  }

  #bytes(event: BytesEvent): ExportPiece[] {
    const { linkId, dir } = event
    const window = this.#window(linkId, dir)
    window.add(event.streamOffset, event.bytes.slice())
    const frames = this.#early.splice(0).flatMap((frame) => this.#frame(frame))
    if (window.end - window.start <= MAX_WAITING_BYTES) return frames
    return [...frames, ...this.#noise(linkId, dir, window, window.end - MAX_WAITING_BYTES / 2, event)]
  }

  #frame(event: FrameEvent): ExportPiece[] {
    const { linkId, dir, streamOffset, wireBytes } = event
    const window = this.#window(linkId, dir)
    if (streamOffset + wireBytes > window.end) {
      if (this.#early.length < MAX_EARLY_FRAMES) this.#early.push(event)
      return []
    }
    const before = this.#noise(linkId, dir, window, streamOffset, event)
    const bytes = window.takeUntil(streamOffset + wireBytes)
    if (bytes.length !== wireBytes) return before
    const protocol = this.#interfaces.get(linkId)?.protocol ?? NOISE
    const messageId = this.#messageIds.get(`${linkId} ${dir} ${event.messageKey}`) ?? 0
    return [...before, this.#packet(linkId, dir, protocol, event, messageId, bytes)]
  }

  #noise(
    linkId: number,
    dir: Direction,
    window: StreamWindow,
    until: number,
    at: TraceEvent | null,
  ): ExportPiece[] {
    const bytes = window.takeUntil(until)
    return bytes.length === 0 ? [] : [this.#packet(linkId, dir, NOISE, at, 0, bytes)]
  }

  #packet(
    linkId: number,
    dir: Direction,
    protocol: number,
    event: TraceEvent | null,
    messageId: number,
    bytes: Uint8Array,
  ): ExportPiece {
    const isRepeat = event?.type === 'frame' && event.isRepeat === true
    const flags = (dir === 'out' ? FLAG.out : 0) | (isRepeat ? FLAG.repeated : 0)
    const header = new Fields()
      .u8(PSEUDO_HEADER_VERSION)
      .u8(protocol)
      .u8(flags)
      .u8(linkId & 0xff)
      .u32(messageId)
    const tags =
      this.#binding === 'upper-pdu'
        ? new Fields()
            .raw(tag(TAG.dissectorName, new TextEncoder().encode('netcore')))
            .raw(tag(TAG.end, new Uint8Array()))
        : new Fields()
    return piece(
      packetBlock({
        interfaceId: this.#interfaces.get(linkId)?.id ?? 0,
        timeNs: this.#time?.toNs(event?.type === 'frame' ? event.endMs : this.#nowMs) ?? 0n,
        isOutbound: dir === 'out',
        bytes: tags.raw(header.bytes()).raw(bytes).bytes(),
      }),
    )
  }

  #window(linkId: number, dir: Direction): StreamWindow {
    const key = `${linkId} ${dir}`
    let window = this.#windows.get(key)
    if (window === undefined) {
      window = new StreamWindow()
      this.#windows.set(key, window)
    }
    return window
  }
}

/** Big endian, as Wireshark's tags are, and padded to four bytes. */
function tag(code: number, value: Uint8Array): Uint8Array {
  const length = Math.ceil(value.length / 4) * 4
  const bytes = new Uint8Array(4 + length)
  new DataView(bytes.buffer).setUint16(0, code)
  new DataView(bytes.buffer).setUint16(2, length)
  bytes.set(value, 4)
  return bytes
}

const piece = (bytes: Uint8Array): ExportPiece => ({ suffix: '', bytes })
