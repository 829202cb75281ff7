import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { TraceEvent } from '../src/shared/model/trace'
import { SessionTime } from '../src/main/recording/format/session-time'
import { TraceEntries } from '../src/main/recording/format/trace-entries'
import { systemDisk } from '../src/main/recording/write/recording-disk'
import { RecordingDraft } from '../src/main/recording/write/rewrite-recording'
import { seededRandom } from '../src/main/transport/seeded-random'
import { after, recordWithSimulator } from '../src/testing/replay-bench'

const RECORDED_AT_MS = 1_790_000_000_000
const PATTERN_MS = 20_000
const PERIOD_MS = 30
const BODY_BYTES = 1500
/** Each turn of the pattern is so much further on. */
const PAUSE_MS = 100

/** What the real stack told of the simulated device: its telemetry and log, and questions in irregular distances. */
async function pattern(seed: number): Promise<readonly TraceEvent[]> {
  const random = seededRandom(seed)
  const { events } = await recordWithSimulator(`baud=921600&seed=${seed}`, async (link, time) => {
    const answers: Promise<unknown>[] = []
    while (time.nowMs() < PATTERN_MS) {
      const text = JSON.stringify({ text: 'x'.repeat(1 + random(BODY_BYTES)), seq: answers.length })
      answers.push(link.request({ route: 'echo', body: new TextEncoder().encode(text) }).answer)
      await after(time, random(2 * PERIOD_MS))
    }
    await Promise.all(answers)
  })
  return events
}

const isState = ({ type }: TraceEvent): boolean => type === 'link-state' || type === 'session'

/**
 * Writes a recording of about `bytes` bytes: what a simulated device and its host said in 20 s, again and again with times,
 * keys and places of its own each time, on one link that stays connected. The same seed gives the same file.
 *
 * @returns How many messages are in it.
 */
export async function writeLongRecording(path: string, bytes: number, seed: number): Promise<number> {
  const events = await pattern(seed)
  const firstMs = events[0]!.atMs
  const stepMs = events.at(-1)!.atMs - firstMs + PAUSE_MS
  const turnOf = new Turn(events)
  const entries = new TraceEntries()
  const time = new SessionTime(RECORDED_AT_MS)
  await mkdir(dirname(path), { recursive: true })
  const draft = await RecordingDraft.create(systemDisk, path, { library: 'soak' })
  const url = `sim:demo?baud=921600&seed=${seed}`
  const facts = { session_id: 'long', format: '1', part: '1', started_ns: `${time.toNs(0)}`, url }
  await draft.metadata('session', new Map(Object.entries(facts)))
  let [written, messages] = [0, 0]
  for (let turn = 0; written < bytes; turn++) {
    for (const event of events) {
      if (turn > 0 && isState(event)) continue
      const moved = turnOf.at(event, turn, stepMs)
      if (moved.type === 'message-opened') messages += 1
      for (const { channelId, data } of entries.of(moved)) {
        written += data.length + ENTRY_BYTES
        await draft.add(channelId, time.toNs(moved.atMs), data)
      }
    }
  }
  await draft.finish()
  await draft.publish()
  return messages
}

/** Head of an entry and its place in the index of its block. */
const ENTRY_BYTES = 31 + 16

/** The pattern once more: keys of messages and places in the streams go on where they were. */
class Turn {
  readonly #keys: number
  readonly #bytes = { in: 0, out: 0 }

  constructor(events: readonly TraceEvent[]) {
    let keys = 0
    for (const event of events) {
      if (event.type === 'message-opened') keys = Math.max(keys, event.messageKey)
      if (event.type === 'bytes') this.#bytes[event.dir] += event.byteCount
    }
    this.#keys = keys
  }

  at(event: TraceEvent, turn: number, stepMs: number): TraceEvent {
    const atMs = event.atMs + turn * stepMs
    const key = (of: number): number => (of === 0 ? 0 : of + turn * this.#keys)
    const offset = (dir: 'in' | 'out'): number => turn * this.#bytes[dir]
    switch (event.type) {
      case 'bytes': {
        const { linkId, dir, byteCount, bytes } = event
        const streamOffset = event.streamOffset + offset(dir)
        return { type: 'bytes', linkId, atMs, dir, streamOffset, byteCount, bytes }
      }
      case 'frame': {
        const [startMs, endMs] = [event.startMs + turn * stepMs, event.endMs + turn * stepMs]
        const streamOffset = event.streamOffset + offset(event.dir)
        return { ...event, atMs, startMs, endMs, streamOffset, messageKey: key(event.messageKey) }
      }
      case 'message-opened':
        return { ...event, atMs, messageKey: key(event.messageKey), answersKey: key(event.answersKey) }
      case 'message-closed':
        return { ...event, atMs, messageKey: key(event.messageKey) }
      case 'request-settled':
        return { ...event, atMs, requestKey: key(event.requestKey), answerKey: key(event.answerKey) }
      case 'fault':
        return { ...event, atMs, streamOffset: event.streamOffset + offset(event.dir) }
      default:
        return { ...event, atMs }
    }
  }
}
