import { Links } from '../main/link/links'
import { SessionTime } from '../main/recording/format/session-time'
import { Recorder } from '../main/recording/write/recorder'
import { transportFor } from '../main/simulator/transport-for'
import { seededRandom } from '../main/transport/seeded-random'
import { MemoryDisk } from './memory-disk'
import { VirtualClock } from './virtual-clock'

export interface SimulatedRecordingOptions {
  readonly url?: string
  readonly lengthMs?: number
  /** Default: `add`. */
  readonly route?: string
  /** Bodies of requests, one each 300 ms. */
  readonly requests?: readonly string[]
}

export const RECORDED_AT_MS = 1_790_000_000_000

/** A recording of the simulated device, made by the real recorder on a virtual clock: the same bytes each time. */
export async function simulatedRecording(options: SimulatedRecordingOptions = {}): Promise<Uint8Array> {
  const { url = 'sim:demo?seed=5', lengthMs = 3000, requests = ['{"a":1,"b":2}'], route = 'add' } = options
  const clock = new VirtualClock()
  const disk = new MemoryDisk()
  const time = new SessionTime(RECORDED_AT_MS)
  const recorder = new Recorder({ disk, clock, time, path: 'a.mcap', library: 'test', sessionId: 's1' })
  const links = new Links({
    clock,
    random: seededRandom(1),
    transportFor: (address) => transportFor(address, clock),
  })
  links.observe(recorder.observe)
  const { linkId } = links.openLink(url)
  await clock.advanceToAsync(600)
  const answers: Promise<unknown>[] = []
  for (const [at, body] of requests.entries()) {
    const asked = links.link(linkId).request({ route, body: new TextEncoder().encode(body) })
    answers.push(asked.answer.catch(() => undefined))
    await clock.advanceToAsync(900 + at * 300)
  }
  recorder.note(
    clock.nowMs(),
    { noteId: 1, kind: 'note', atMs: 700, messageId: null, text: 'look here' },
    null,
  )
  await clock.advanceToAsync(lengthMs)
  await Promise.all(answers)
  await links.closeAll()
  await recorder.end()
  return disk.bytesOf('a.mcap')
}
