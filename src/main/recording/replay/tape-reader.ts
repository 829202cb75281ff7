import type { TraceEvent } from '../../../shared/model/trace'
import { sessionChannelId } from '../format/channels'
import { SessionTime } from '../format/session-time'
import { TraceReader } from '../format/trace-entries'
import type { ByteSource } from '../read/byte-source'
import type { Decompress } from '../read/plain-block'
import { scanRecording } from '../read/record-scanner'

/** A place between two entries of a recording, from which it can be read on. */
export interface TapePlace {
  /** Where the block begins. */
  readonly offset: number
  /** Entries of the block that come before. */
  readonly skip: number
  readonly reader: TraceReader
}

export interface TapeSink {
  /** Known before the first entry. */
  began(facts: ReadonlyMap<string, string>, time: SessionTime): void
  /** @returns True to be told of the place behind it. */
  event(event: TraceEvent, dataBytes: number): boolean
  /** What people did, as it was written: notes and markers. */
  note(data: Uint8Array, atMs: number): void
  place(place: TapePlace): boolean
  /** How far it is read. @param misread - Entries so far that make no sense. */
  read(offset: number, misread: number, entries: number, damagedBytes: number): void
}

export interface TurnClock {
  nowMs(): number
  /** Lets everything else have its turn. */
  pause(): Promise<void>
}

/** Nothing else waits longer than this for what is read. */
export const TURN_MS = 8
const ENTRIES_PER_LOOK = 32
const NOTES_CHANNEL = sessionChannelId('note')
const NO_FACTS: ReadonlyMap<string, string> = new Map()

/**
 * Reads a recording in short turns: from its beginning, or on from a place. `sink.place` ends it by returning false.
 *
 * @param time - Of a recording that was begun before.
 */
export async function readTape(
  source: ByteSource,
  decompress: Decompress,
  turns: TurnClock,
  sink: TapeSink,
  signal: AbortSignal,
  from: TapePlace | null = null,
  time: SessionTime | null = null,
): Promise<void> {
  const reader = from === null ? new TraceReader() : from.reader.fork()
  let facts = NO_FACTS
  let session = time
  let [entries, damagedBytes] = [0, 0]
  const isStopped = (): boolean => signal.aborted
  let turnEndMs = turns.nowMs() + TURN_MS
  const options = from === null ? { decompress } : { decompress, fromOffset: from.offset }
  for await (const scanned of scanRecording(source, options)) {
    if (isStopped()) return
    if (scanned.found === 'damage') damagedBytes += scanned.endOffset - scanned.offset
    if (scanned.found === 'metadata' && scanned.name === 'session' && facts.size === 0) facts = scanned.values
    if (scanned.found !== 'block') continue
    const isFirst = scanned.offset === from?.offset
    for (let at = isFirst ? from.skip : 0; at < scanned.entries.length; at++) {
      const { channelId, timeNs, data } = scanned.entries[at]!
      if (session === null) {
        session = beginningOf(facts, timeNs)
        sink.began(facts, session)
      }
      const atMs = session.toMs(timeNs)
      entries += 1
      if (channelId === NOTES_CHANNEL) sink.note(data, atMs)
      const event = reader.read(channelId, atMs, data)
      if (event !== undefined && sink.event(event, data.length)) {
        const place = { offset: scanned.offset, skip: at + 1, reader: reader.fork() }
        if (!sink.place(place)) return
      }
      if (at % ENTRIES_PER_LOOK === 0 && turns.nowMs() >= turnEndMs) {
        sink.read(scanned.offset, reader.misread, entries, damagedBytes)
        await turns.pause()
        if (isStopped()) return
        turnEndMs = turns.nowMs() + TURN_MS
      }
    }
    sink.read(scanned.endOffset, reader.misread, entries, damagedBytes)
  }
  if (session === null) sink.began(facts, new SessionTime(0))
  sink.read(source.size, reader.misread, entries, damagedBytes)
}

/** A file that does not say when its session began begins with its first entry. */
function beginningOf(facts: ReadonlyMap<string, string>, firstNs: bigint): SessionTime {
  const startedNs = facts.get('started_ns')
  return SessionTime.fromNs(
    startedNs !== undefined && /^\d{1,19}$/.test(startedNs) ? BigInt(startedNs) : firstNs,
  )
}
