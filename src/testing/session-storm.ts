import { CAPABILITY } from '../main/netcore/dialects/native/wire/frames'
import { seededRandom, unitInterval } from '../main/transport/seeded-random'
import {
  areBothUp,
  connectBoth,
  type EndOptions,
  type LineFault,
  passwordDevice,
  passwordHost,
  runUntil,
  type SessionEnd,
  sessionPair,
  TEST_SETTINGS,
} from './session-wire'
import { VirtualClock } from './virtual-clock'

export interface StormCounts {
  readonly runs: number
  readonly ups: number
  readonly resumes: number
  readonly cuts: number
  readonly reboots: number
  readonly farewells: number
  /** Both up in the same epoch when the storm is over. */
  readonly reunited: number
  readonly slowestReunionMs: number
  /** One line per run that broke a promise, with its seed. */
  readonly failures: readonly string[]
}

const STORM_MS = 4_000
const CLOSES_AFTER_FAREWELL_MS = 300
const REUNION_MS = 60_000

/**
 * Two sessions on a line that loses and flips bytes, swallows XON and XOFF, breaks and comes back on one side or both, while
 * either side reboots or says goodbye. Then the weather clears: both have to be up in the same epoch, and nobody may have
 * gone on where the other began anew.
 */
export async function sessionStorm(options: {
  readonly seed: number
  readonly runs: number
}): Promise<StormCounts> {
  const total = { ups: 0, resumes: 0, cuts: 0, reboots: 0, farewells: 0, reunited: 0, slowestReunionMs: 0 }
  const failures: string[] = []
  for (let run = 0; run < options.runs; run++) {
    const seed = options.seed + run
    const one = await storm(seed)
    total.ups += one.ups
    total.resumes += one.resumes
    total.cuts += one.cuts
    total.reboots += one.reboots
    total.farewells += one.farewells
    total.reunited += one.isReunited ? 1 : 0
    total.slowestReunionMs = Math.max(total.slowestReunionMs, one.reunionMs)
    if (!one.isReunited) failures.push(`seed ${seed}: ${one.state}`)
    if (one.problems.length > 0) failures.push(`seed ${seed}: ${one.problems.join(', ')}`)
  }
  return { runs: options.runs, ...total, failures }
}

async function storm(seed: number) {
  const random = seededRandom(seed)
  const chance = (share: number): boolean => unitInterval(random) < share
  const oneOf = <T>(choices: readonly T[]): T => choices[random(choices.length)]!
  const clock = new VirtualClock()
  const isOpen = chance(0.5)
  const timing = { sessionMs: oneOf([1_000, 60_000]) }
  const wantsXsafe = chance(0.3)
  const forgetful = { ...TEST_SETTINGS, capabilities: TEST_SETTINGS.capabilities & ~CAPABILITY.resume }
  const doesDeviceResume = chance(0.8)
  const device = isOpen ? ({ kind: 'none' } as const) : await passwordDevice()
  let nextSeed = seed * 16
  const optionsOf = (isHost: boolean): EndOptions => ({
    seed: nextSeed++,
    sendsData: true,
    timing,
    settings: isHost || doesDeviceResume ? TEST_SETTINGS : forgetful,
    wantsXsafe: wantsXsafe && isHost,
    auth: isOpen ? { kind: 'none' } : isHost ? passwordHost() : device,
  })
  const pair = sessionPair(clock, optionsOf(true), optionsOf(false))
  const lossShare = oneOf([0, 1e-3, 1e-2, 3e-2])
  const flipShare = oneOf([0, 1e-3, 1e-2])
  const swallow: LineFault = wantsXsafe
    ? (bytes) => bytes.filter((byte) => byte !== 0x11 && byte !== 0x13)
    : same
  for (const end of pair) {
    end.holdsBytes = chance(0.5)
    end.out.fault = (bytes) => swallow(damaged(bytes, lossShare, flipShare, chance, random))
  }
  connectBoth(pair)

  const counts = { cuts: 0, reboots: 0, farewells: 0 }
  // Whoever said goodbye closes the line a while later, even when both are up again by then: that still is weather.
  let cutsToCome = 0
  const cut = (ends: readonly SessionEnd[]): void => {
    counts.cuts++
    for (const end of ends) {
      end.disconnect()
      clock.schedule(clock.nowMs() + random(2_000), () => end.connect())
    }
  }
  const strike = (): void => {
    const kind = random(10)
    const isHost = chance(0.5)
    const end = isHost ? pair[0] : pair[1]
    if (kind < 3) cut(pair)
    else if (kind < 6) cut([end])
    else if (kind < 9) {
      counts.reboots++
      end.reboot(optionsOf(isHost))
    } else if (end.isConnected) {
      counts.farewells++
      end.farewell()
      cutsToCome++
      clock.schedule(clock.nowMs() + CLOSES_AFTER_FAREWELL_MS, () => {
        cutsToCome--
        cut([end])
      })
    }
  }
  for (let left = 1 + random(8); left > 0; left--) clock.schedule(random(STORM_MS), strike)
  await runUntil(clock, pair, () => false, STORM_MS)

  for (const end of pair) end.out.fault = swallow
  const isClear = (): boolean => cutsToCome === 0 && pair.every((end) => end.isConnected)
  await runUntil(clock, pair, isClear, STORM_MS + 5_000)
  const clearMs = clock.nowMs()
  const isReunited = await runUntil(clock, pair, () => areBothUp(pair), clearMs + REUNION_MS)
  const reunionMs = clock.nowMs() - clearMs
  await runUntil(clock, pair, () => false, clock.nowMs() + 500)
  const ups = pair.flatMap((end) => end.ups)
  return {
    ...counts,
    ups: ups.length,
    resumes: ups.filter((up) => up.isResumed).length,
    isReunited: isReunited && areBothUp(pair),
    reunionMs,
    state: pair.map((end) => `${end.name} ${end.session.phase} ${end.events.slice(-6).join(' ')}`).join('; '),
    problems: pair.flatMap((end) => end.problems.map((problem) => `${end.name} ${problem}`)),
  }
}

const same: LineFault = (bytes) => bytes

function damaged(
  bytes: Uint8Array,
  lossShare: number,
  flipShare: number,
  chance: (share: number) => boolean,
  random: (bound: number) => number,
): Uint8Array {
  if (lossShare === 0 && flipShare === 0) return bytes
  const arriving: number[] = []
  for (const byte of bytes) {
    if (chance(lossShare)) continue
    arriving.push(chance(flipShare) ? byte ^ (1 << random(8)) : byte)
  }
  return Uint8Array.from(arriving)
}
