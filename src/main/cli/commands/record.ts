import { randomUUID } from 'node:crypto'
import { ConsoleError } from '../../../shared/errors'
import { SessionTime } from '../../recording/format/session-time'
import { Recorder } from '../../recording/write/recorder'
import { systemDisk } from '../../recording/write/recording-disk'
import { writerFacts } from '../../recording/write/writer-identity'
import type { Command } from '../command'
import { Ending } from '../ending'
import { readLinkAddress } from '../link-argument'
import { listeningUrl } from '../listening-url'
import { linkLine } from '../output'
import { createSession } from '../session'
import { PROGRAM } from '../program'
import { recordingPath } from '../recording-path'

const MOST_SPLIT_MIB = 65_536
const LONGEST_MS = 31 * 24 * 3_600_000

export const record: Command = {
  name: 'record',
  summary: 'Records a link to an MCAP file: every byte with its time, from the first one on. Sends nothing.',
  positionals: ['URL'],
  options: {
    out: {
      value: 'FILE.mcap',
      help: 'where to; grows as FILE.mcap.part and gets its name at the end',
      short: 'o',
    },
    duration: { value: 'MS', help: 'ends by itself after so many milliseconds' },
    split: { value: 'MIB', help: 'goes on in FILE-2.mcap after so many MiB (default 1024, at most 65536)' },
    ack: { help: 'prints "ACK <n>" for each entry once it is on the medium' },
    reconnect: { help: 'go on after a loss, instead of ending with exit code 3' },
  },
  notes: [
    'Ends with Ctrl+C; the file is complete then. After a crash: netcore recover FILE.mcap.part -o FILE.mcap',
    'After 1 GiB (--split) or an hour it goes on in FILE-2.mcap.',
  ],
  async run({ args, io, out }) {
    const path = recordingPath(args.text('out'))
    const durationMs = args.integer('duration', 1, LONGEST_MS)
    const splitMib = args.integer('split', 1, MOST_SPLIT_MIB)
    const address = readLinkAddress(args.positional(0), io)
    const ending = new Ending(io.signal)
    const links = createSession({
      isReconnecting: args.has('reconnect'),
      answersErrors: false,
      onLink: (link) => link.stack.onUnrouted(() => undefined), // it only watches
      onTrace: (event) => {
        recorder.observe(event)
        if (event.type !== 'link-state') return
        out.line(linkLine(event))
        if (event.phase !== 'closed' || event.linkId !== 1) return
        ending.fail(new ConsoleError(event.code ?? 'LINK_LOST', event.detail || 'the link was lost'))
      },
    })
    const startedAtMs = Date.now() - links.clock.nowMs()
    let acknowledged = 0
    const recorder = new Recorder({
      disk: systemDisk,
      clock: links.clock,
      time: new SessionTime(startedAtMs),
      path,
      library: PROGRAM,
      sessionId: randomUUID(),
      facts: { url: address.text, started: new Date(startedAtMs).toISOString(), ...writerFacts() },
      ...(splitMib !== undefined && { splitBytes: splitMib * 1024 * 1024 }),
      onProblem: (problem) => ending.fail(problem),
      onDurable: (entry) => {
        if (!args.has('ack')) return
        for (; acknowledged < entry; acknowledged++) io.stdout(`ACK ${acknowledged + 1}\n`)
      },
    })
    const { clock } = links
    const cancelEnd =
      durationMs === undefined ? undefined : clock.schedule(clock.nowMs() + durationMs, () => ending.end())
    try {
      const { listener } = links.openLink(address)
      await listener?.open()
      if (listener) {
        const url = listeningUrl(listener.address)
        out.line({ event: 'listening', url }, `listening on ${url}`)
      }
      await ending.reached
    } finally {
      cancelEnd?.()
      await links.closeAll()
      const paths = await recorder.end()
      const { entries, allBytes, droppedEntries, droppedBytes, droppedDerived } = recorder.counts
      const lost = { droppedEntries, droppedBytes, droppedDerived }
      out.line({ event: 'recorded', paths, entries, bytes: allBytes, ...lost }, paths.join('\n'))
    }
  },
}
