import { MIN_REPLAY_SPEED } from '../src/shared/model/replay'
import { simulatorLike, startReplay } from '../src/main/operate/replay/start-replay'
import { after, type KeptTrace, recordWithSimulator, simulatorLinks } from '../src/testing/replay-bench'
import { seededRandom } from '../src/main/transport/seeded-random'
import type { SoakCounts, SoakOptions } from './job'

const PERIOD_MS = 20
const MOST_LATE_P99_MS = 1

/** Requests in irregular distances, 50 a second, for so long. */
function record(seed: number, lengthMs: number): Promise<KeptTrace> {
  const random = seededRandom(seed)
  return recordWithSimulator(`baud=921600&seed=${seed}`, async (link, time) => {
    const answers: Promise<unknown>[] = []
    while (time.nowMs() < lengthMs) {
      answers.push(link.request({ route: 'echo', body: new Uint8Array(1 + random(64)) }).answer)
      await after(time, random(2 * PERIOD_MS))
    }
    await Promise.all(answers)
  })
}

/** A minute times `scale` to the simulator at the recorded times: how late, and whether the end comes when it should. */
export async function soakReplayLateness({ seed, scale }: SoakOptions): Promise<SoakCounts> {
  const lengthMs = Math.max(2000, 60_000 * scale)
  const script = (await record(seed, lengthMs)).script('host')
  const links = simulatorLinks()
  const beganMs = links.clock.nowMs()
  const { run, closed } = startReplay({
    links,
    script,
    target: { kind: 'address', address: simulatorLike(script.url, seed) },
    policy: 'time',
    speed: 1,
    seed,
    stopAtDifference: false,
    timeoutMs: 1000 / MIN_REPLAY_SPEED,
    onChange: () => undefined,
  })
  await closed
  const tookMs = links.clock.nowMs() - beganMs
  const { late, differences, sent, total } = run.progress
  await links.closeAll()
  const lastDueMs = script.own.at(-1)?.message.atMs ?? 0
  const counts = {
    messages: sent,
    p50Ms: late?.p50Ms ?? 0,
    p99Ms: late?.p99Ms ?? 0,
    maxMs: late?.maxMs ?? 0,
    endedAfterLastDueMs: Math.round(tookMs - lastDueMs),
    differences,
  }
  const isLate = late === null || late.p99Ms > MOST_LATE_P99_MS
  if (isLate || differences > 0 || sent !== total) throw new Error(JSON.stringify(counts))
  return counts
}
