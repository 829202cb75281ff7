import { ConsoleError } from '../../../shared/errors'
import { EXPORT_FORMATS, type ExportFormat, type ExportOptions } from '../../../shared/model/exports'
import { filterJudge } from '../../console/recordings/message-judge'
import { exporterOf } from '../../recording/export/export-catalogue'
import { ExportFiles } from '../../recording/export/export-files'
import { runExport } from '../../recording/export/run-export'
import { RecordingFiles } from '../../recording/read/recording-files'
import { loadDecompress } from '../../recording/read/unpack-block'
import { usageError } from '../arguments'
import type { Command } from '../command'
import { readFilter } from '../filter-argument'
import { ProgressLine } from '../progress-line'

const FORMATS = EXPORT_FORMATS.join(', ')

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
  notes: [
    'Wireshark shows pcapng with resources/wireshark/netcore.lua; Perfetto opens chrome-trace.',
    'foxglove makes OUT.layout.json beside it. Under a filter pcapng and bin have the frames of the messages that match.',
  ],
  async run({ args, io, out }) {
    const format = args.text('format')
    if (format === undefined) throw usageError(`--format is missing (${FORMATS})`)
    if (!isFormat(format)) throw usageError(`--format ${format} is not one of ${FORMATS}`)
    const path = args.text('out')
    if (path === undefined) throw usageError('-o OUT is missing')
    const filterText = args.text('filter')
    const filter = filterText === undefined ? undefined : readFilter(filterText, out)
    const options: ExportOptions = args.has('upper-pdu') ? { binding: 'upper-pdu' } : {}
    const source = await RecordingFiles.open(args.positional(0))
    const progress = new ProgressLine(io)
    try {
      const { files, entries, damagedBytes, misread } = await runExport({
        source,
        decompress: await loadDecompress(),
        exporter: exporterOf(format, options),
        files: new ExportFiles(path),
        ...(filter && { newJudge: () => filterJudge(filter) }),
        signal: io.signal,
        onProgress: (done, all) => progress.show(done, all),
      })
      const paths = files.map((file) => file.path)
      out.line({ event: 'exported', paths, entries, damagedBytes, misread }, paths.join('\n'))
      if (damagedBytes + misread > 0) {
        const lost = `${damagedBytes} bytes and ${misread} entries could not be read`
        out.note(`netcore: ${entries} entries; ${lost}`)
      }
    } catch (error) {
      if (error instanceof ConsoleError && error.code === 'RECORDING_INVALID') {
        throw new ConsoleError('RECORDING_INVALID', `${args.positional(0)} has no entry that can be read`)
      }
      throw error
    } finally {
      progress.clear()
      await source.close()
    }
  },
}

const isFormat = (format: string): format is ExportFormat => EXPORT_FORMATS.some((known) => known === format)
