import type { PcapngBinding } from '../../../shared/model/exports'
import type { BytesEvent, TraceEvent } from '../../../shared/model/trace'
import { placeOfChannel } from '../format/channels'
import { printLossless } from '../format/lossless-json'
import type { SessionTime } from '../format/session-time'
import type { ReadEntry } from '../read/recording-trace'
import type { Exporter, ExportHead, ExportPiece } from './export-format'
import { FramedByteCutter, type FramedBytes } from './framed-bytes'
import { PacketComments } from './packet-comments'
import {
  Fields,
  interfaceBlock,
  LINKTYPE_UPPER_PDU,
  LINKTYPE_USER0,
  ownBlock,
  packetBlock,
  sectionBlock,
} from './pcapng-writer'
import { noteOf } from './recorded-note'

export const PSEUDO_HEADER_VERSION = 1
export const PSEUDO_HEADER_BYTES = 8
const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['lso', 1],
  ['netconduit', 2],
  ['socketd', 3],
  ['native', 4],
  ['raw', 5],
])
const NOISE = 255
const FLAG = { out: 1, repeated: 8 } as const
/** Tag list of an upper PDU (Wireshark's epan/exported_pdu.h): the name of the dissector, then the end. */
const TAG = { end: 0, dissectorName: 12 } as const
/** Reads and writes that are told together. */
const READS_PER_BLOCK = 512

/**
 * A pcapng file for Wireshark with one packet per frame, whatever the reads and writes were. Bytes that belong to no frame
 * are packets flagged as noise: nothing is hidden. Before each frame stands a pseudo-header of 8 bytes; resources/wireshark
 * has the dissector. When each read and write was stands in blocks that only we read, so that nothing is lost either. Under
 * a filter the file has the frames of the wanted messages alone.
 */
export class PcapngExport implements Exporter {
  readonly seesAll = true
  readonly #binding: PcapngBinding
  readonly #interfaces = new Map<number, { readonly id: number; readonly protocol: number }>()
  readonly #cutter = new FramedByteCutter()
  readonly #comments = new PacketComments()
  /** Our numbers of messages, as the console counts them when it opens the recording. */
  readonly #messageIds = new Map<string, number>()
  #messageCount = 0
  #reads: string[] = []
  #shows: ExportHead['shows'] = null
  #time: SessionTime | null = null
  /** Of the entry read last, for bytes that are still waiting at the end. */
  #nowMs = 0

  constructor(binding: PcapngBinding) {
    this.#binding = binding
  }

  prepare({ entry, event }: ReadEntry): void {
    if (event !== undefined || placeOfChannel(entry.channelId)?.name !== 'note') return
    const note = noteOf(entry.data)
    if (note !== null) this.#comments.addNote(note)
  }

  begin({ facts, time, shows }: ExportHead): readonly ExportPiece[] {
    this.#time = time
    this.#shows = shows
    return [
      piece(sectionBlock(`Netcore Console, session ${facts.get('session_id') ?? 'unknown'}`)),
      piece(ownBlock(printLossless({ session: Object.fromEntries(facts) }))),
    ]
  }

  entry({ entry, event }: ReadEntry): readonly ExportPiece[] {
    this.#nowMs = event?.atMs ?? this.#nowMs
    switch (event?.type) {
      case 'link-state':
        return [...this.#interface(event.linkId, event.url), this.#linkState(event, entry.timeNs)]
      case 'message-opened':
        this.#messageIds.set(`${event.linkId} ${event.messageKey}`, ++this.#messageCount)
        return []
      case 'fault':
        this.#comments.addFault(event)
        return []
      case 'bytes':
        return [...this.#noteRead(event, entry.timeNs), ...this.#packets(this.#cutter.bytes(event))]
      case 'frame':
        return this.#packets(this.#cutter.frame(event))
      default:
        return []
    }
  }

  end(): readonly ExportPiece[] {
    return [...this.#packets(this.#cutter.end()), ...this.#tellReads()]
  }

  #interface(linkId: number, url: string): ExportPiece[] {
    if (this.#interfaces.has(linkId)) return []
    const dialect = /[?&]dialect=([a-z]+)/.exec(url)?.[1] ?? 'lso'
    this.#interfaces.set(linkId, { id: this.#interfaces.size, protocol: PROTOCOLS.get(dialect) ?? NOISE })
    const type = this.#binding === 'user0' ? LINKTYPE_USER0 : LINKTYPE_UPPER_PDU
    return [piece(interfaceBlock(type, `link ${linkId}`, url))]
  }

  #linkState(
    { linkId, type, phase, url, code, detail }: Extract<TraceEvent, { type: 'link-state' }>,
    timeNs: bigint,
  ): ExportPiece {
    const fields = { type, phase, url, code, detail } // its time stands beside it
    return piece(ownBlock(printLossless({ link: linkId, t: `${timeNs}`, event: fields })))
  }

  #noteRead({ linkId, dir, streamOffset, byteCount }: BytesEvent, timeNs: bigint): ExportPiece[] {
    if (this.#shows !== null) return []
    this.#reads.push(`[${linkId},"${dir}",${streamOffset},${byteCount},"${timeNs}"]`)
    return this.#reads.length < READS_PER_BLOCK ? [] : this.#tellReads()
  }

  #tellReads(): ExportPiece[] {
    if (this.#reads.length === 0) return []
    const text = `{"reads":[${this.#reads.join(',')}]}`
    this.#reads = []
    return [piece(ownBlock(text))]
  }

  #packets(framed: readonly FramedBytes[]): ExportPiece[] {
    return framed.flatMap((each) => this.#packet(each))
  }

  #packet({ linkId, dir, streamOffset, bytes, frame }: FramedBytes): ExportPiece[] {
    if (this.#shows !== null && (frame === null || !this.#shows(linkId, frame.messageKey, dir))) return []
    const known = this.#interfaces.get(linkId)
    // a recording that never says what the link was still has its bytes
    const interfacePieces = known === undefined ? this.#interface(linkId, `unknown link ${linkId}`) : []
    const { id, protocol } = this.#interfaces.get(linkId)!
    const flags = (dir === 'out' ? FLAG.out : 0) | (frame?.isRepeat === true ? FLAG.repeated : 0)
    const header = new Fields()
      .u8(PSEUDO_HEADER_VERSION)
      .u8(frame === null ? NOISE : protocol)
      .u8(flags)
      .u8(linkId & 0xff)
      .u32(frame === null ? 0 : (this.#messageIds.get(`${linkId} ${frame.messageKey}`) ?? 0))
    const tags =
      this.#binding === 'upper-pdu'
        ? new Fields()
            .raw(tag(TAG.dissectorName, new TextEncoder().encode('netcore')))
            .raw(tag(TAG.end, new Uint8Array()))
        : new Fields()
    const atMs = frame?.endMs ?? this.#nowMs
    const comment = this.#comments.take(linkId, dir, streamOffset + bytes.length, atMs)
    const packet = packetBlock({
      interfaceId: id,
      timeNs: this.#time?.toNs(atMs) ?? 0n,
      isOutbound: dir === 'out',
      bytes: tags.raw(header.bytes()).raw(bytes).bytes(),
      ...(comment !== '' && { comment }),
    })
    return [...interfacePieces, piece(packet)]
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
