import { open, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { ConsoleError } from '../../../shared/errors'
import type { LinkAddress } from '../../../shared/model/link-url'
import { parseLinkUrl } from '../../../shared/model/link-url'
import { BytesExport } from '../../recording/export/bytes-export'
import { CsvExport } from '../../recording/export/csv-export'
import type { Exporter, ExportPiece } from '../../recording/export/export-format'
import { FilteredEntries } from '../../recording/export/filtered-entries'
import { JsonlExport } from '../../recording/export/jsonl-export'
import { FileSource } from '../../recording/read/byte-source'
import { noDecompression } from '../../recording/read/plain-block'
import { PcapngExport } from '../../recording/export/pcapng-export'
import { RecordingTrace } from '../../recording/read/recording-trace'
import { type Arguments, usageError } from '../arguments'
import type { Command } from '../command'
import { MessageFilter, readFilter } from '../message-filter'

const EXPORTS: Readonly<Record<string, (args: Arguments) => Exporter>> = {
  pcapng: (args) => new PcapngExport(args.has('upper-pdu') ? 'upper-pdu' : 'user0'),
  jsonl: () => new JsonlExport(),
  csv: () => new CsvExport(),
  bin: () => new BytesExport(),
}
const FORMATS = Object.keys(EXPORTS).join(', ')
/** Pieces are written together in amounts like this, in bytes or characters. */
const FLUSH_SIZE = 256 * 1024

export const exportRecording: Command = {
  name: 'export',
  summary: 'Writes a recording in another form.',
  positionals: ['FILE.mcap'],
  options: {
    format: { value: 'FORMAT', help: `${FORMATS} (needed)` },
    out: {
      value: 'OUT',
      help: 'where to (needed); bin makes OUT.rx.bin, OUT.tx.bin and OUT.idx.jsonl',
      short: 'o',
    },
    'upper-pdu': { help: 'pcapng: packets name their dissector; for who uses USER0 otherwise' },
    filter: { value: 'EXPR', help: 'only messages that match (docs/filter-language.md)' },
  },
  notes: ['Wireshark shows pcapng with resources/wireshark/netcore.lua.'],
  async run({ args, io, out }) {
    const format = args.text('format')
    if (format === undefined || !Object.hasOwn(EXPORTS, format))
      throw usageError(`--format is one of ${FORMATS}`)
    const path = args.text('out')
    if (path === undefined) throw usageError('-o OUT is missing')
    const filterText = args.text('filter')
    if (filterText !== undefined && (format === 'bin' || format === 'pcapng')) {
      throw usageError(`--format ${format} has every byte of the line: it cannot be filtered`)
    }
    const filter = filterText === undefined ? undefined : readFilter(filterText, out)
    const source = await FileSource.open(args.positional(0))
    const files = new OutputFiles(path)
    try {
      const trace = new RecordingTrace(source, noDecompression)
      const exporter = EXPORTS[format]!(args)
      const addresses = new Map<number, LinkAddress>()
      let nowMs = 0
      const messages =
        filter &&
        new MessageFilter(filter, { addressOf: (linkId) => addresses.get(linkId), nowMs: () => nowMs })
      const passing = messages && new FilteredEntries((event) => messages.admits(event))
      let entries = 0
      let hasBegun = false
      for await (const read of trace.entries(io.signal)) {
        if (!hasBegun) await files.write(exporter.begin(trace))
        hasBegun = true
        nowMs = read.event?.atMs ?? nowMs
        if (read.event?.type === 'link-state') noteAddress(addresses, read.event.linkId, read.event.url)
        for (const passed of passing ? passing.take(read) : [read]) {
          entries += 1
          await files.write(exporter.entry(passed))
        }
      }
      if (!hasBegun)
        throw new ConsoleError('RECORDING_INVALID', `${args.positional(0)} has no entry that can be read`)
      await files.write(exporter.end())
      const { damagedBytes, misread } = trace
      const paths = await files.close()
      const told =
        damagedBytes + misread === 0 ? '' : `; ${damagedBytes} bytes and ${misread} entries could not be read`
      out.line({ event: 'exported', paths, entries, damagedBytes, misread }, paths.join('\n'))
      if (told !== '') out.note(`netcore: ${entries} entries${told}`)
    } catch (error) {
      await files.discard()
      throw error
    } finally {
      await source.close()
    }
  },
}

function noteAddress(addresses: Map<number, LinkAddress>, linkId: number, url: string): void {
  if (addresses.has(linkId)) return
  try {
    addresses.set(linkId, parseLinkUrl(url))
  } catch {
    // a file may name an address that means nothing here; its messages have no link then
  }
}

/** The files of one export. They are made when there is something for them, and never in place of others. */
class OutputFiles {
  readonly #path: string
  readonly #files = new Map<
    string,
    { readonly path: string; size: number; pieces: (string | Uint8Array)[] }
  >()

  constructor(path: string) {
    this.#path = path
  }

  async write(pieces: readonly ExportPiece[]): Promise<void> {
    for (const { suffix, bytes } of pieces) {
      let file = this.#files.get(suffix)
      if (file === undefined) {
        file = { path: `${this.#path}${suffix}`, size: 0, pieces: [] }
        await this.#make(file.path)
        this.#files.set(suffix, file)
      }
      file.pieces.push(typeof bytes === 'string' ? bytes : bytes.slice())
      file.size += bytes.length
      if (file.size >= FLUSH_SIZE) await this.#flush(file)
    }
  }

  /** Resolves with the paths. */
  async close(): Promise<string[]> {
    for (const file of this.#files.values()) await this.#flush(file)
    return [...this.#files.values()].map(({ path }) => path)
  }

  /** Takes back what was written: half an export is worse than none. */
  async discard(): Promise<void> {
    for (const { path } of this.#files.values()) await rm(path, { force: true })
    this.#files.clear()
  }

  async #make(path: string): Promise<void> {
    if (existsSync(path)) {
      const remedy = 'Choose another name, or move that file away.'
      throw new ConsoleError('FILE_UNWRITABLE', `${path} exists already`, { remedy })
    }
    await this.#append(path, [], 'wx')
  }

  async #flush(file: {
    readonly path: string
    size: number
    pieces: (string | Uint8Array)[]
  }): Promise<void> {
    const pieces = file.pieces
    file.pieces = []
    file.size = 0
    await this.#append(file.path, pieces, 'a')
  }

  async #append(path: string, pieces: readonly (string | Uint8Array)[], flags: 'wx' | 'a'): Promise<void> {
    try {
      const handle = await open(path, flags, 0o600)
      await handle.appendFile(Buffer.concat(pieces.map((piece) => Buffer.from(piece as Uint8Array))))
      await handle.close()
    } catch (cause) {
      throw new ConsoleError('FILE_UNWRITABLE', `${path} cannot be written`, {}, { cause })
    }
  }
}
