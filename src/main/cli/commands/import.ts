import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { IMPORT_EXTENSIONS, importFormatOf } from '../../../shared/model/exports'
import { DIALECT_NAMES } from '../../netcore/dialects'
import { importRecording } from '../../recording/import/import-recording'
import { FileSource } from '../../recording/read/byte-source'
import { loadDecompress } from '../../recording/read/unpack-block'
import { systemDisk } from '../../recording/write/recording-disk'
import { usageError } from '../arguments'
import type { Command } from '../command'
import { PROGRAM } from '../program'
import { ProgressLine } from '../progress-line'
import { recordingPath } from '../recording-path'

const MAX_BAUD = 12_000_000

export const importFile: Command = {
  name: 'import',
  summary: 'Makes a recording of a file: a recording, an export of one as pcapng or jsonl, or plain bytes.',
  positionals: [`FILE`],
  options: {
    out: { value: 'OUT.mcap', help: 'where to (needed)', short: 'o' },
    dialect: { value: 'D', help: `of .bin: how to read the bytes: ${DIALECT_NAMES.join(', ')}` },
    baud: { value: 'N', help: 'of .bin: the speed of the line they passed; times follow from it (115200)' },
  },
  notes: [
    `FILE ends with ${IMPORT_EXTENSIONS.join(', ')}. Bytes in FILE.tx.bin were sent, all others received.`,
    'Messages are made again from the bytes by the real stack, except from jsonl and mcap, which have them.',
  ],
  async run({ args, io, out }) {
    const path = recordingPath(args.text('out'))
    const file = args.positional(0)
    const format = importFormatOf(file)
    if (format === undefined) throw usageError(`${file} does not end with ${IMPORT_EXTENSIONS.join(', ')}`)
    const dialect = args.text('dialect')
    if (format === 'bin' && dialect === undefined)
      throw usageError(`--dialect is missing (${DIALECT_NAMES.join(' or ')})`)
    const baud = args.integer('baud', 1, MAX_BAUD)
    const source = await FileSource.open(file)
    const progress = new ProgressLine(io)
    try {
      const { entries, damaged } = await importRecording({
        source,
        format,
        name: basename(file),
        decompress: await loadDecompress(),
        disk: systemDisk,
        path,
        library: PROGRAM,
        startNs: (await stat(file, { bigint: true })).mtimeNs,
        ...(dialect !== undefined && { dialect }),
        ...(baud !== undefined && { baud }),
        signal: io.signal,
        onProgress: (done, all) => progress.show(done, all),
      })
      out.line({ event: 'imported', path, entries, damaged }, path)
      if (damaged > 0) out.note(`netcore: ${entries} entries; ${damaged} bytes or lines could not be read`)
    } finally {
      progress.clear()
      await source.close()
    }
  },
}
