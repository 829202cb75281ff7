import { readFile, stat } from 'node:fs/promises'
import { ConsoleError, unreadableFile } from '../../../shared/errors'
import { FileSource } from '../../recording/read/byte-source'
import { loadDecompress } from '../../recording/read/unpack-block'
import { MAX_RULES_BYTES, parseRedaction, type RedactionRule } from '../../recording/redact/redaction-rules'
import { Redactor } from '../../recording/redact/redactor'
import { changeRecording } from '../../recording/write/change-recording'
import { systemDisk } from '../../recording/write/recording-disk'
import { usageError } from '../arguments'
import type { Command } from '../command'
import { PROGRAM } from '../program'
import { ProgressLine } from '../progress-line'
import { recordingPath } from '../recording-path'

export const redact: Command = {
  name: 'redact',
  summary: 'Writes a recording without its secrets to a new one. The old one stays as it is.',
  positionals: ['FILE.mcap'],
  options: {
    rules: { value: 'RULES.yaml', help: 'what is left out (needed; docs/recording-format.md, Secrets)' },
    out: { value: 'OUT.mcap', help: 'where to (needed)', short: 'o' },
  },
  notes: [
    'Values, and the bytes that carried them, are masked with the same length; what the operator did is masked by the same rules.',
  ],
  async run({ args, io, out }) {
    const path = recordingPath(args.text('out'))
    const rulesPath = args.text('rules')
    if (rulesPath === undefined) throw usageError('--rules RULES.yaml is missing')
    const rules = await readRules(rulesPath)
    const source = await FileSource.open(args.positional(0))
    const progress = new ProgressLine(io)
    try {
      const { entries, damagedBytes } = await changeRecording({
        source,
        decompress: await loadDecompress(),
        disk: systemDisk,
        path,
        library: PROGRAM,
        transform: new Redactor(rules),
        signal: io.signal,
        onProgress: (done, all) => progress.show(done, all),
      })
      out.line({ event: 'redacted', path, entries, damaged: damagedBytes }, path)
    } finally {
      progress.clear()
      await source.close()
    }
  },
}

async function readRules(path: string): Promise<readonly RedactionRule[]> {
  const size = await stat(path).then(
    (stats) => stats.size,
    (cause: unknown) => {
      throw unreadableFile(path, cause)
    },
  )
  if (size > MAX_RULES_BYTES)
    throw new ConsoleError('REDACTION_INVALID', `${path} has over ${MAX_RULES_BYTES} bytes`)
  return parseRedaction(
    await readFile(path, 'utf8').catch((cause: unknown) => Promise.reject(unreadableFile(path, cause))),
    path,
  )
}
