import { NativeLine } from './native-line'

export interface CutOptions {
  readonly seed: number
  /** Undefined: a socket. */
  readonly baud?: number
  /** The cable comes off when this many bytes have left on one direction. */
  readonly cutAtBytes: number
}

const BODIES = [0, 30, 700, 1_500]

/**
 * A short session both ways that is cut at one byte and goes on after a moment. Returns what is wrong with what arrived:
 * nothing, when each message came once and whole.
 */
export async function runCut({ seed, baud, cutAtBytes }: CutOptions): Promise<readonly string[]> {
  const complaints: string[] = []
  const line = new NativeLine({ seed, cutAtBytes, ...(baud !== undefined && { baud }) })
  const arrived = new Map<string, number>()
  let settled = 0
  for (const side of ['near', 'far'] as const) {
    const { stack } = line[side]
    stack.onUnrouted(({ body, route, kind }) => {
      const key = `${side === 'near' ? 'far' : 'near'} ${route}`
      arrived.set(key, (arrived.get(key) ?? 0) + 1)
      const bytes = BODIES[Number(route.slice(1))]!
      if (body.length !== bytes || body.some((byte, at) => byte !== (at * 7) % 256))
        complaints.push(`${key} is wrong`)
      return kind === 'request' ? { body } : undefined
    })
    BODIES.forEach((bytes, index) => {
      const body = Uint8Array.from({ length: bytes }, (_, at) => (at * 7) % 256)
      stack.send({ route: `e${index}`, kind: 'event', body, priority: 5 }, 0)
      stack.request({ route: `q${index}`, body, priority: 2 }, 0).answer.then(
        (answer) => {
          settled += 1
          if (answer.body.length !== bytes)
            complaints.push(`${side} q${index} got ${answer.body.length} bytes`)
        },
        (error: unknown) => complaints.push(`${side} q${index} failed: ${String(error)}`),
      )
    })
  }
  const wanted = 2 * BODIES.length
  const isDone = (): boolean =>
    settled === wanted && arrived.size === 2 * wanted && line.near.pipe.isIdle && line.far.pipe.isIdle
  line.plug()
  for (let ms = 0; ms < 60_000 && !isDone(); ms += 20) {
    await line.runAsync(ms, isDone)
    line.plug()
  }
  if (!isDone()) complaints.push(`${settled} of ${wanted} answers, ${arrived.size} of ${2 * wanted} messages`)
  for (const [key, times] of arrived) if (times !== 1) complaints.push(`${key} came ${times} times`)
  return complaints.map((complaint) => `cut at byte ${cutAtBytes}: ${complaint}`)
}
