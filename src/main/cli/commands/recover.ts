import { FileSource } from '../../recording/read/byte-source'
import { loadDecompress } from '../../recording/read/unpack-block'
import { recoverRecording } from '../../recording/read/recover'
import { systemDisk } from '../../recording/write/recording-disk'
import type { Command } from '../command'
import { PROGRAM } from '../program'
import { recordingPath } from '../recording-path'

export const recover: Command = {
  name: 'recover',
  summary: 'Writes all that can be read of a damaged or unfinished recording to a new one.',
  positionals: ['FILE.mcap.part'],
  options: { out: { value: 'FILE.mcap', help: 'where to (needed)', short: 'o' } },
  notes: ['The damaged file stays as it is. Entries keep their numbers, times and bytes.'],
  async run({ args, out }) {
    const path = recordingPath(args.text('out'), args.positional(0))
    const source = await FileSource.open(args.positional(0))
    try {
      const { entries, damagedBytes, lostMiddle } = await recoverRecording(
        source,
        await loadDecompress(),
        systemDisk,
        path,
        PROGRAM,
      )
      const words = `${path}: ${entries} entries; ${damagedBytes} bytes could not be read, ${lostMiddle} entries are missing between others`
      out.line({ event: 'recovered', path, entries, damagedBytes, lostMiddle }, words)
    } finally {
      await source.close()
    }
  },
}
