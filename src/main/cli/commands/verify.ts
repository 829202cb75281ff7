import { ConsoleError } from '../../../shared/errors'
import { placeOfChannel, topicOf } from '../../recording/format/channels'
import { FileSource } from '../../recording/read/byte-source'
import { loadDecompress } from '../../recording/read/unpack-block'
import { verifyRecording } from '../../recording/read/verify'
import type { Command } from '../command'

export const verify: Command = {
  name: 'verify',
  summary: 'Reads a recording to its end, compares every checksum, and says what is missing.',
  positionals: ['FILE.mcap'],
  options: { list: { help: 'prints "GOT <n>" for each entry that can be read' } },
  notes: ['Exit code 6 when something is damaged or missing. Reads FILE.mcap.part as well.'],
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
      for (const { offset, byteCount, why } of found.damage) {
        out.line(
          { event: 'damage', offset, bytes: byteCount, detail: why },
          `damaged at byte ${offset}: ${why}`,
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
      out.line({ event: 'verified', path, ...facts, channels }, args.has('list') ? undefined : words)
      if (isWhole && damageCount === 0 && lostMiddle === 0 && isOrdered) return
      throw new ConsoleError('RECORDING_DAMAGED', words)
    } finally {
      await source.close()
    }
  },
}
