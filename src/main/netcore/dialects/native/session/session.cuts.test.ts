import { describe, expect, test } from 'vitest'
import {
  areBothUp,
  connectBoth,
  type EndOptions,
  passwordDevice,
  passwordHost,
  runUntil,
  type SessionEnd,
  sessionPair,
} from '../../../../../testing/session-wire'
import { VirtualClock } from '../../../../../testing/virtual-clock'

type Pair = readonly [SessionEnd, SessionEnd]

/** Who notices that the line broke, and who loses its memory. */
const TROUBLES = ['both notice', 'host notices', 'device notices', 'host reboots', 'device reboots'] as const
type Trouble = (typeof TROUBLES)[number]

const LIMIT_MS = 20_000

async function pairOf(kind: 'open' | 'password', clock: VirtualClock, seed: number): Promise<Pair> {
  const withPassword = kind === 'password'
  const host: EndOptions = { seed, sendsData: true, auth: withPassword ? passwordHost() : { kind: 'none' } }
  const device: EndOptions = {
    seed: seed + 1,
    sendsData: true,
    auth: withPassword ? await passwordDevice() : { kind: 'none' },
  }
  const pair = sessionPair(clock, host, device)
  for (const end of pair) end.holdsBytes = seed % 2 === 0
  return pair
}

async function reboot(end: SessionEnd, kind: 'open' | 'password', seed: number): Promise<void> {
  const isHost = end.name === 'host'
  const auth =
    kind === 'open' ? ({ kind: 'none' } as const) : isHost ? passwordHost() : await passwordDevice()
  end.reboot({ seed, sendsData: true, auth })
}

/** Lets the line break after `cutAtByte` more bytes of one direction, and gives what happened. */
function breakAt(
  clock: VirtualClock,
  pair: Pair,
  kind: 'open' | 'password',
  direction: 0 | 1,
  cutAtByte: number,
  trouble: Trouble,
): void {
  const [host, device] = pair
  const { out } = pair[direction]
  out.cutAtByte = out.bytesSent + cutAtByte
  out.onCut = () => {
    if (trouble === 'host reboots' || trouble === 'device reboots') {
      void reboot(trouble === 'host reboots' ? host : device, kind, 7000 + cutAtByte)
      return
    }
    if (trouble !== 'device notices') {
      host.disconnect()
      clock.schedule(clock.nowMs() + 50, () => host.connect())
    }
    if (trouble !== 'host notices') {
      device.disconnect()
      clock.schedule(clock.nowMs() + 30 + (cutAtByte % 3) * 20, () => device.connect())
    }
  }
}

/** Bytes that each side sends until both are up. */
async function handshakeBytes(
  kind: 'open' | 'password',
  isResume: boolean,
): Promise<readonly [number, number]> {
  const clock = new VirtualClock()
  const pair = await pairOf(kind, clock, 1)
  connectBoth(pair)
  await runUntil(clock, pair, () => areBothUp(pair), LIMIT_MS)
  if (!isResume) return [pair[0].out.bytesSent, pair[1].out.bytesSent]
  for (const end of pair) end.disconnect()
  const before = pair.map((end) => end.out.bytesSent)
  connectBoth(pair)
  await runUntil(clock, pair, () => areBothUp(pair), clock.nowMs() + LIMIT_MS)
  return [pair[0].out.bytesSent - before[0]!, pair[1].out.bytesSent - before[1]!]
}

describe.each(['open', 'password'] as const)(
  'a line that breaks at each byte of a handshake (%s)',
  (kind) => {
    test.each(TROUBLES)('brings both sides up in the same epoch when %s', async (trouble) => {
      const lengths = await handshakeBytes(kind, false)
      let runs = 0
      for (const direction of [0, 1] as const) {
        for (let cutAtByte = 1; cutAtByte <= lengths[direction]; cutAtByte++) {
          const clock = new VirtualClock()
          const pair = await pairOf(kind, clock, 100 + cutAtByte)
          breakAt(clock, pair, kind, direction, cutAtByte, trouble)
          connectBoth(pair)
          let isBroken = false
          const { out } = pair[direction]
          const isUp = await runUntil(
            clock,
            pair,
            () => {
              isBroken ||= out.cutAtByte === Infinity
              return isBroken && areBothUp(pair) && clock.nowMs() > 200
            },
            LIMIT_MS,
          )
          const label = `${kind}, direction ${direction}, byte ${cutAtByte}, ${trouble}`
          expect({ label, isUp, problems: pair.flatMap((end) => end.problems) }).toEqual({
            label,
            isUp: true,
            problems: [],
          })
          runs++
        }
      }
      expect(runs).toBe(lengths[0] + lengths[1])
    })

    test.each(['both notice', 'host notices', 'device notices'] as const)(
      'resumes without losing anything when it breaks again while resuming and %s',
      async (trouble) => {
        const lengths = await handshakeBytes(kind, true)
        for (const direction of [0, 1] as const) {
          for (let cutAtByte = 1; cutAtByte <= lengths[direction]; cutAtByte++) {
            const clock = new VirtualClock()
            const pair = await pairOf(kind, clock, 200 + cutAtByte)
            connectBoth(pair)
            await runUntil(clock, pair, () => areBothUp(pair) && clock.nowMs() > 100, LIMIT_MS)
            for (const end of pair) end.disconnect()
            breakAt(clock, pair, kind, direction, cutAtByte, trouble)
            connectBoth(pair)
            const untilMs = clock.nowMs() + 200
            const isUp = await runUntil(
              clock,
              pair,
              () => areBothUp(pair) && clock.nowMs() > untilMs,
              LIMIT_MS,
            )
            const label = `${kind}, direction ${direction}, byte ${cutAtByte}, ${trouble}`
            const downs = pair.flatMap((end) => end.events.filter((event) => event.startsWith('down ')))
            const problems = pair.flatMap((end) => end.problems)
            const areResumed = pair.every(
              (end) => end.ups.length > 1 && end.ups.slice(1).every((up) => up.isResumed),
            )
            expect({ label, isUp, downs, problems, areResumed }).toEqual({
              label,
              isUp: true,
              downs: [],
              problems: [],
              areResumed: true,
            })
          }
        }
      },
    )
  },
)
