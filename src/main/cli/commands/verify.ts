import { ConsoleError } from '../../../shared/errors'
import { placeOfChannel, topicOf } from '../../recording/format/channels'
import type { Entry } from '../../recording/read/block-entries'
import { loadDecompress } from '../../recording/read/unpack-block'
import { checkDecoding } from '../../recording/read/check-decoding'
import { RecordingFiles } from '../../recording/read/recording-files'
import { RecordingTrace } from '../../recording/read/recording-trace'
import { isSoundFile, type Verification, verifyParts } from '../../recording/read/verify'
import type { Command } from '../command'
import type { Output } from '../output'
import { redactedWords } from '../redacted-words'
import { rounded } from '../rounded'

export const verify: Command = {
  name: 'verify',
  summary: 'Reads a recording to its end, compares every checksum and index, and says what is missing.',
  positionals: ['FILE.mcap'],
  options: {
    list: { help: 'prints "GOT <n>" for each entry that can be read' },
    decode: { help: 'derives frames and messages again from the recorded bytes, and compares' },
  },
  notes: [
    'Exit code 6 when something is damaged, missing or decoded otherwise. Reads FILE.mcap.part as well.',
    'Of a recording in parts, FILE.mcap is all of them and FILE-2.mcap that one.',
  ],
  async run({ args, io, out }) {
    const files = await RecordingFiles.open(args.positional(0))
    try {
      const list = ({ number }: Entry): void => io.stdout(`GOT ${number}\n`)
      const verified = verifyParts(files, await loadDecompress(), args.has('list') ? list : undefined)
      const wrong: string[] = []
      for (const { path } of files.parts) {
        const next = await verified.next()
        if (next.done) break
        const words = tellFile(path, next.value, out, !args.has('list'))
        if (!isSoundFile(next.value)) wrong.push(words)
      }
      if (args.has('decode')) await decodeAgain(files, out)
      if (wrong.length > 0) throw new ConsoleError('RECORDING_DAMAGED', wrong.join('; '))
    } finally {
      await files.close()
    }
  },
}

/** Returns what was found in a few words. */
function tellFile(path: string, found: Verification, out: Output, isText: boolean): string {
  const { entries, blocks, fileBytes, damageCount, lostMiddle, isOrdered, isWhole } = found
  for (const { offset, byteCount, why, recovery } of found.damage) {
    const recover = recovery === 'left-out' ? 'leaves it out' : 'makes it again'
    out.line(
      { event: 'damage', offset, bytes: byteCount, detail: why, recovery },
      `damaged at byte ${offset}: ${why}; recover ${recover}`,
    )
  }
  const channels = Object.fromEntries(
    [...found.perChannel].map(([id, count]) => {
      const place = placeOfChannel(id)
      return [place === undefined ? `${id}` : topicOf(place), count] as const
    }),
  )
  const facts = {
    entries,
    blocks,
    bytes: fileBytes,
    damaged: damageCount,
    lostMiddle,
    ordered: isOrdered,
    whole: isWhole,
  }
  const words = `${path}: ${entries} entries in ${blocks} blocks, ${damageCount} damaged places, ${lostMiddle} entries missing between others${isWhole ? '' : ', not ended'}`
  const redaction = found.redaction && Object.fromEntries(found.redaction)
  out.line(
    { event: 'verified', path, ...facts, channels, ...(redaction && { redaction }) },
    isText ? words : undefined,
  )
  if (redaction) out.note(redactedWords(found.redaction))
  return words
}

/** @throws ConsoleError `RECORDING_DECODES_OTHERWISE`. */
async function decodeAgain(source: RecordingFiles, out: Output): Promise<void> {
  const trace = new RecordingTrace(source, await loadDecompress())
  const { checked, unchecked, differences, differenceCount, leftOut } = await checkDecoding(trace)
  for (const { linkId: link, dir, offset, atMs, what, field, recorded, derived } of differences) {
    const about = field === '' ? what : `${what}, ${field}`
    const sides = `recorded ${recorded || 'nothing'}, derived ${derived || 'nothing'}`
    out.line(
      { event: 'decoded-otherwise', link, dir, offset, atMs: rounded(atMs), what, field, recorded, derived },
      `link ${link} ${dir}, byte ${offset}, ${rounded(atMs)} ms: ${about}: ${sides}`,
    )
  }
  for (const { linkId, why } of unchecked) out.note(`link ${linkId} is not checked: ${why}`)
  const frames = checked.reduce((sum, side) => sum + side.frames, 0)
  const messages = checked.reduce((sum, side) => sum + side.messages, 0)
  const words = `${frames} frames and ${messages} messages derived again, ${differenceCount} differences`
  out.line(
    { event: 'decoded', checked, unchecked, frames, messages, differences: differenceCount, leftOut },
    words,
  )
  if (differenceCount > 0) throw new ConsoleError('RECORDING_DECODES_OTHERWISE', words)
}
