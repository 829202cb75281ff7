import { parseDuration } from '../../../shared/workspace/duration'
import { FileSource } from '../../recording/read/byte-source'
import { RecordingTrace } from '../../recording/read/recording-trace'
import { loadDecompress } from '../../recording/read/unpack-block'
import type { SessionTime } from '../../recording/format/session-time'
import { changeRecording } from '../../recording/write/change-recording'
import { systemDisk } from '../../recording/write/recording-disk'
import { usageError } from '../arguments'
import type { Command } from '../command'
import { PROGRAM } from '../program'
import { ProgressLine } from '../progress-line'
import { recordingPath } from '../recording-path'

export const trim: Command = {
  name: 'trim',
  summary: 'Writes the part of a recording between two moments to a new one. The old one stays as it is.',
  positionals: ['FILE.mcap'],
  options: {
    from: { value: 'TIME', help: 'left out: from the beginning' },
    to: { value: 'TIME', help: 'left out: to the end' },
    out: { value: 'OUT.mcap', help: 'where to (needed)', short: 'o' },
  },
  notes: [
    'TIME: since the start of the session, such as 90s or 1m30s; or a moment, such as 2026-11-21T10:42:07.5Z.',
    'The new recording begins with how the links stood and which messages were on their way.',
  ],
  async run({ args, io, out }) {
    const path = recordingPath(args.text('out'))
    const source = await FileSource.open(args.positional(0))
    const progress = new ProgressLine(io)
    try {
      const decompress = await loadDecompress()
      const time = await timeOf(new RecordingTrace(source, decompress))
      const [from, to] = [args.text('from'), args.text('to')]
      if (from === undefined && to === undefined) throw usageError('--from or --to is missing')
      const fromMs = from === undefined ? undefined : momentOf('from', from, time)
      const toMs = to === undefined ? undefined : momentOf('to', to, time)
      const { entries, damagedBytes } = await changeRecording({
        source,
        decompress,
        disk: systemDisk,
        path,
        library: PROGRAM,
        ...(fromMs !== undefined && { fromMs }),
        ...(toMs !== undefined && { toMs }),
        told: new Map([
          [
            'trimmed',
            new Map([
              ['from', from ?? ''],
              ['to', to ?? ''],
            ]),
          ],
        ]),
        signal: io.signal,
        onProgress: (done, all) => progress.show(done, all),
      })
      out.line({ event: 'trimmed', path, entries, damaged: damagedBytes }, path)
    } finally {
      progress.clear()
      await source.close()
    }
  },
}

async function timeOf(trace: RecordingTrace): Promise<SessionTime> {
  await trace.entries().next()
  return trace.time
}

/** Milliseconds of the session. */
function momentOf(option: string, text: string, time: SessionTime): number {
  const durationMs = parseDuration(text)
  if (durationMs !== undefined) return durationMs
  const wallMs = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(wallMs)) throw usageError(`--${option} ${text} is neither a time such as 90s nor a moment`)
  return time.toMs(BigInt(wallMs) * 1_000_000n)
}
