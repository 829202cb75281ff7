import { floodedByPython, floodPython } from '../interop/flood'
import { overTcp, overTcpListen } from '../interop/session'
import type { SoakCounts, SoakOptions } from './job'

const IN_FLIGHT = 64

/** 10,000 requests times `scale` with 64 in flight to and from the real Python Netcore, which listens and connects. */
export async function soakPythonRequests({ scale }: SoakOptions): Promise<SoakCounts> {
  const count = Math.round(10_000 * scale)
  let right = 0
  for (const open of [overTcp, overTcpListen]) {
    for (const flood of [floodPython, floodedByPython]) {
      const session = await open()
      try {
        const counts = await flood(session, count, IN_FLIGHT)
        if (counts.right !== count) throw new Error(JSON.stringify(counts))
        right += counts.right
      } finally {
        await session.close()
      }
    }
  }
  return { requests: 4 * count, right, lost: 4 * count - right }
}
