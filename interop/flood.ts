import { utf8 } from '../src/shared/bytes'
import type { InteropSession } from './session'

export interface FloodCounts {
  readonly sent: number
  readonly answered: number
  /** Answers that belong to their request: each has a sum of its own. */
  readonly right: number
}

/** Asks the Python peer `count` times for a sum, `inFlight` at a time. */
export async function floodPython(
  session: InteropSession,
  count: number,
  inFlight: number,
): Promise<FloodCounts> {
  let sent = 0
  let answered = 0
  let right = 0
  const lane = async (): Promise<void> => {
    while (sent < count) {
      const number = sent++
      const body = utf8(JSON.stringify({ a: number, b: 1 }))
      const { answer } = session.link.request({ route: 'add', body, timeoutMs: 60_000 })
      const { sum } = JSON.parse(new TextDecoder().decode((await answer).body)) as { sum: number }
      answered += 1
      if (sum === number + 1) right += 1
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  return { sent, answered, right }
}

/** Lets the Python peer ask us. */
export async function floodedByPython(
  session: InteropSession,
  count: number,
  inFlight: number,
): Promise<FloodCounts> {
  session.peer.command({ cmd: 'flood', count, in_flight: inFlight })
  const { answered, right } = await session.peer.next('flooded')
  return { sent: count, answered: answered as number, right: right as number }
}
