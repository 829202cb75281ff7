import { ConsoleError } from '../../../shared/errors'
import type { Direction, LinkStateEvent } from '../../../shared/model/trace'
import { MAX_RECORDED_LINKS } from '../format/channels'
import { parseLossless } from '../format/lossless-json'
import { PSEUDO_HEADER_BYTES, PSEUDO_HEADER_VERSION } from '../export/pcapng-export'
import { LINKTYPE_UPPER_PDU, LINKTYPE_USER0 } from '../export/pcapng-writer'
import { StreamWindow } from '../export/stream-window'
import type { ByteSource } from '../read/byte-source'
import type { RecordingDraft } from '../write/rewrite-recording'
import { ImportWriter } from './import-writer'
import { type PcapngBlock, pcapngBlocks } from './pcapng-blocks'

/** USER0 to USER15: another one may have been chosen where USER0 was taken. */
const LAST_USER_LINKTYPE = 162
/** Reads and writes that wait for their bytes; a file of ours never has so many. */
const MAX_WAITING_READS = 100_000
const MAX_WAITING_BYTES = 64 * 1024 * 1024

interface Read {
  readonly linkId: number
  readonly dir: Direction
  readonly streamOffset: number
  readonly byteCount: number
  readonly timeNs: bigint
}

/**
 * Brings in a pcapng file that we exported, of either link type: the bytes of all links with the times at which they were read
 * and written, and all else made again from them by the real stack. A file that was exported under a filter has no times of
 * reads: then each packet is one.
 *
 * @throws ConsoleError `IMPORT_INVALID`, `IMPORT_TOO_LARGE`.
 */
export async function importPcapng(
  source: ByteSource,
  draft: RecordingDraft,
  onProgress: (doneBytes: number) => void,
): Promise<{ readonly entries: number }> {
  const hasReads = await tellsReads(source)
  const bringing = new PcapngBringing(draft, hasReads)
  for await (const { block, endOffset } of pcapngBlocks(source)) {
    await bringing.take(block)
    onProgress(endOffset)
  }
  return { entries: await bringing.end() }
}

/** Whether the file says when reads and writes were. */
async function tellsReads(source: ByteSource): Promise<boolean> {
  for await (const { block } of pcapngBlocks(source)) {
    if (block.kind === 'own' && block.text.startsWith('{"reads":')) return true
  }
  return false
}

class PcapngBringing {
  readonly #draft: RecordingDraft
  readonly #hasReads: boolean
  readonly #linkTypes: number[] = []
  readonly #descriptions = new Map<number, string>()
  readonly #known = new Set<number>()
  readonly #windows = new Map<string, StreamWindow>()
  #reads: Read[] = []
  #writer: ImportWriter | null = null
  #facts: ReadonlyMap<string, string> = new Map()
  #waitingBytes = 0

  constructor(draft: RecordingDraft, hasReads: boolean) {
    this.#draft = draft
    this.#hasReads = hasReads
  }

  async take(block: PcapngBlock): Promise<void> {
    switch (block.kind) {
      case 'own':
        return this.#own(block.text)
      case 'interface': {
        const { linkType } = block
        if (linkType !== LINKTYPE_UPPER_PDU && (linkType < LINKTYPE_USER0 || linkType > LAST_USER_LINKTYPE)) {
          throw new ConsoleError('IMPORT_INVALID', `packets of link type ${linkType} are not ours`)
        }
        this.#linkTypes.push(linkType)
        const linkId = Number(/^link (\d{1,5})$/.exec(block.name)?.[1] ?? 0)
        if (linkId > 0) this.#descriptions.set(linkId, block.description)
        return
      }
      case 'packet':
        return this.#packet(block)
      case 'section':
    }
  }

  async end(): Promise<number> {
    await this.#emitReads()
    // bytes that no read tells of: of a file that was cut off
    for (const [key, window] of this.#windows) {
      const [linkId, dir] = key.split(' ')
      const bytes = window.takeUntil(window.end)
      if (bytes.length > 0) await this.#writer?.bytes(Number(linkId), dir as Direction, this.#lastNs, bytes)
    }
    if (this.#writer === null || this.#writer.entries === 0) {
      throw new ConsoleError('IMPORT_INVALID', 'the file has no packet of ours')
    }
    await this.#writer.end()
    return this.#writer.entries
  }

  #lastNs = 0n

  async #own(text: string): Promise<void> {
    const value = objectOf(text)
    const { session, reads, event, link, t } = value
    if (isObject(session)) {
      this.#facts = new Map(Object.entries(session).map(([key, each]) => [key, String(each)]))
    }
    if (Array.isArray(reads)) {
      for (const each of reads) this.#addRead(each)
      await this.#emitReads()
    }
    if (!isObject(event) || !isLink(link) || typeof t !== 'string' || !/^\d{1,20}$/.test(t)) return
    const { phase, url, code, detail } = event
    if (typeof phase !== 'string' || typeof url !== 'string' || typeof detail !== 'string') return
    await this.#emitReads() // what was read before it stands before it
    this.#known.add(link)
    const timeNs = BigInt(t)
    const writer = await this.#writerAt(timeNs)
    const state = { type: 'link-state', linkId: link, phase, url, code: code ?? null, detail }
    await writer.linkState(state as Omit<LinkStateEvent, 'atMs'>, timeNs)
  }

  #addRead(value: unknown): void {
    if (!Array.isArray(value)) return
    const [linkId, dir, streamOffset, byteCount, t] = value as readonly unknown[]
    const isSound =
      isLink(linkId) && (dir === 'in' || dir === 'out') && isCount(streamOffset) && isCount(byteCount)
    if (!isSound || typeof t !== 'string' || !/^\d{1,20}$/.test(t)) return
    if (this.#reads.length >= MAX_WAITING_READS)
      throw new ConsoleError('IMPORT_INVALID', 'the file tells of more reads than it has bytes')
    this.#reads.push({ linkId, dir, streamOffset, byteCount, timeNs: BigInt(t) })
  }

  /** In the order in which they were; one whose bytes are still to come holds those after it. */
  async #emitReads(): Promise<void> {
    let done = 0
    for (const { linkId, dir, streamOffset, byteCount, timeNs } of this.#reads) {
      const window = this.#window(linkId, dir)
      if (window.end - window.start < byteCount) break
      done += 1
      const bytes = window.takeUntil(window.start + byteCount)
      this.#waitingBytes -= bytes.length
      this.#lastNs = timeNs
      const writer = await this.#writerAt(timeNs)
      await writer.bytes(linkId, dir, timeNs, bytes, streamOffset)
    }
    this.#reads = done === 0 ? this.#reads : this.#reads.slice(done)
  }

  async #packet({
    interfaceId,
    timeNs,
    isOutbound,
    bytes,
  }: Extract<PcapngBlock, { kind: 'packet' }>): Promise<void> {
    const payload = this.#payloadOf(interfaceId, bytes)
    if (payload === undefined) return
    const { linkId, data } = payload
    const dir = isOutbound ? 'out' : 'in'
    this.#lastNs = timeNs
    if (this.#hasReads) {
      const window = this.#window(linkId, dir)
      window.add(window.end, data.slice())
      this.#waitingBytes += data.length
      if (this.#waitingBytes > MAX_WAITING_BYTES)
        throw new ConsoleError('IMPORT_INVALID', 'the file does not tell when its bytes were read')
      return
    }
    const writer = await this.#writerAt(timeNs)
    if (!this.#known.has(linkId)) {
      this.#known.add(linkId)
      const url = this.#descriptions.get(linkId) ?? ''
      await writer.linkState(
        { type: 'link-state', linkId, phase: 'connected', url, code: null, detail: '' },
        timeNs,
      )
    }
    await writer.bytes(linkId, dir, timeNs, data)
  }

  #payloadOf(
    interfaceId: number,
    packet: Uint8Array,
  ): { readonly linkId: number; readonly data: Uint8Array } | undefined {
    const linkType = this.#linkTypes[interfaceId]
    const from = linkType === LINKTYPE_UPPER_PDU ? endOfTags(packet) : 0
    if (linkType === undefined || from + PSEUDO_HEADER_BYTES > packet.length) return undefined
    if (packet[from] !== PSEUDO_HEADER_VERSION) return undefined
    // links above 255 are told by their last eight bits alone: the interface knows the whole number
    const linkId = [...this.#descriptions.keys()][interfaceId] ?? packet[from + 3]!
    return linkId < 1 ? undefined : { linkId, data: packet.subarray(from + PSEUDO_HEADER_BYTES) }
  }

  async #writerAt(timeNs: bigint): Promise<ImportWriter> {
    if (this.#writer !== null) return this.#writer
    const started = this.#facts.get('started_ns')
    const startNs = started !== undefined && /^\d{1,20}$/.test(started) ? BigInt(started) : timeNs
    this.#writer = new ImportWriter(this.#draft, startNs)
    await this.#writer.session(this.#facts, 'pcapng')
    return this.#writer
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

/** Where the tags of an upper PDU end; the length of all when they never do. */
function endOfTags(packet: Uint8Array): number {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length)
  for (let at = 0; at + 4 <= packet.length; ) {
    const length = view.getUint16(at + 2)
    if (view.getUint16(at) === 0) return at + 4
    at += 4 + length
  }
  return packet.length
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value = parseLossless(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
const isLink = (value: unknown): value is number =>
  isCount(value) && value >= 1 && value <= MAX_RECORDED_LINKS
