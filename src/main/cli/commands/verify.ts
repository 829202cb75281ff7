import { ConsoleError } from '../../../shared/errors'
import { placeOfChannel, topicOf } from '../../recording/format/channels'
import { FileSource } from '../../recording/read/byte-source'
import { loadDecompress } from '../../recording/read/unpack-block'
import { checkDecoding } from '../../recording/read/check-decoding'
import { RecordingTrace } from '../../recording/read/recording-trace'
import { verifyRecording } from '../../recording/read/verify'
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
  ],
  async run({ args, io, out }) {
    const path = args.positional(0)
    const source = await FileSource.open(path)
    try {
      const found = await verifyRecording(source, await loadDecompress(), ({ number }) => {
        if (args.has('list')) io.stdout(`GOT ${number}\n`)
      })
      const channels = Object.fromEntries(
        [...found.perChannel].map(([id, count]) => {
          const place = placeOfChannel(id)
          return [place === undefined ? `${id}` : topicOf(place), count] as const
        }),
      )
      const { entries, blocks, fileBytes, damageCount, lostMiddle, isOrdered, isWhole } = found
      for (const { offset, byteCount, why, recovery } of found.damage) {
        const recover = recovery === 'left-out' ? 'leaves it out' : 'makes it again'
        out.line(
          { event: 'damage', offset, bytes: byteCount, detail: why, recovery },
          `damaged at byte ${offset}: ${why}; recover ${recover}`,
        )
      }
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
        args.has('list') ? undefined : words,
      )
      if (redaction) out.note(redactedWords(found.redaction))
      if (args.has('decode')) await decodeAgain(source, out)
      if (isWhole && damageCount === 0 && lostMiddle === 0 && isOrdered) return
      throw new ConsoleError('RECORDING_DAMAGED', words)
    } finally {
      await source.close()
    }
  },
}

/** @throws ConsoleError `RECORDING_DECODES_OTHERWISE`. */
async function decodeAgain(source: FileSource, out: Output): Promise<void> {
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
