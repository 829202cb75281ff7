import { runCut } from '../src/testing/native-cuts'
import { runStorm } from '../src/testing/native-storm'
import { runTraffic, type TrafficCounts } from '../src/testing/native-traffic'
import type { SoakCounts, SoakOptions } from './job'

const TEN_MINUTES_MS = 600_000

/**
 * Ten minutes of a 115,200 baud line, both ways full of 64 KiB messages with urgent ones between, at 1e-4 and at 1e-3 flips
 * and losses per byte: no message wrong, lost or doubled, and at 1e-4 at least 85 percent of the line carries body bytes
 * (the simulation of native-study.md gives 89 for 2e-4 damaged bytes).
 */
export function soakNativeLine({ seed, scale }: SoakOptions): SoakCounts {
  const forMs = Math.max(10_000, TEN_MINUTES_MS * scale)
  const mild = checked(runTraffic({ seed, baud: 115_200, forMs, flip: 1e-4, drop: 1e-4 }))
  const bad = checked(runTraffic({ seed: seed + 1, baud: 115_200, forMs, flip: 1e-3, drop: 1e-3 }))
  const cut = checked(
    runTraffic({
      seed: seed + 2,
      baud: 115_200,
      forMs,
      flip: 1e-4,
      drop: 1e-4,
      unplugEveryMs: 3_000,
      isCut: true,
    }),
  )
  if (mild.goodput < 0.85) throw new Error(`goodput ${mild.goodput} at 1e-4 flips and losses`)
  return {
    messages: mild.sent + bad.sent + cut.sent,
    goodputMild: round(mild.goodput),
    goodputBad: round(bad.goodput),
    urgentP99MsMild: round(mild.urgentP99Ms),
    urgentP99MsBad: round(bad.urgentP99Ms),
    unplugged: cut.unplugged,
  }
}

function checked(counts: TrafficCounts): TrafficCounts {
  const { wrong, lost, doubled, isIdle } = counts
  if (wrong + lost + doubled > 0 || !isIdle) {
    throw new Error(
      `${wrong} wrong, ${lost} lost, ${doubled} doubled${isIdle ? '' : ', not idle at the end'}`,
    )
  }
  return counts
}

/** L1 and M3 for the native dialect: everything at random over lines and sockets that fail in every way. */
export async function soakNativeStorms({ seed, scale }: SoakOptions): Promise<SoakCounts> {
  const runs = Math.ceil(2_000 * scale)
  let messages = 0
  let unplugged = 0
  let cancelled = 0
  for (let run = 0; run < runs; run++) {
    const isSocket = run % 3 === 0
    const { counts, complaints } = await runStorm({
      seed: seed + run,
      ...(!isSocket && {
        baud: [57_600, 115_200, 921_600][run % 3]!,
        flip: [0, 1e-4, 1e-3, 5e-3][run % 4]!,
        drop: [0, 1e-3, 1e-4][run % 5] ?? 0,
        deafens: run % 5 === 1,
      }),
      steps: 150,
      stepMs: 20,
      largestBody: run % 5 === 0 && isSocket ? 80_000 : 3_000,
      unplugs: run % 3 !== 1,
      cancels: run % 4 > 0,
      deafens: !isSocket && run % 5 === 1,
      isCut: true,
    })
    if (complaints.length > 0) throw new Error(`seed ${seed + run}: ${complaints.slice(0, 3).join('; ')}`)
    messages += counts.events + counts.requests + counts.answersOfMany
    unplugged += counts.unplugged
    cancelled += counts.cancelled
  }
  return { runs, messages, unplugged, cancelled }
}

/** L1: a session cut at every one of its first 2,200 bytes, over a serial line and over a socket. */
export async function soakNativeCutSessions({ seed, scale }: SoakOptions): Promise<SoakCounts> {
  const step = Math.max(1, Math.round(1 / scale))
  let cuts = 0
  for (const baud of [921_600, undefined]) {
    for (let at = 1 + (seed % step); at <= 2_200; at += step) {
      const complaints = await runCut({
        seed: seed + at,
        cutAtBytes: at,
        ...(baud !== undefined && { baud }),
      })
      if (complaints.length > 0) throw new Error(complaints.slice(0, 3).join('; '))
      cuts += 1
    }
  }
  return { cuts }
}

const round = (value: number): number => Math.round(value * 1000) / 1000
