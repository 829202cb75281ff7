import { Links } from '../../src/main/link/links'
import type { Link } from '../../src/main/link/link'
import { transportFor } from '../../src/main/simulator/transport-for'
import { seededRandom } from '../../src/main/transport/seeded-random'
import { SystemClock } from '../../src/main/transport/system-clock'
import { type BenchClient, type BenchPeer, REQUEST_BYTES } from './peer'

/**
 * Our stack as the program runs it: link, tap, send policy, `lso` with its default chunks, over one TCP connection.
 * A trace observer is attached, as the capture always is.
 */
export function lsoPeer(name: string): BenchPeer {
  let traced = 0
  const makeLinks = (seed: number, onLink: (link: Link) => void): Links => {
    const clock = new SystemClock()
    return new Links({
      clock,
      random: seededRandom(seed),
      transportFor: (address) => transportFor(address, clock),
      onTrace: () => (traced += 1),
      onLink,
    })
  }
  return {
    name,
    async serve() {
      const links = makeLinks(1, (link) => {
        link.stack.route('sink', ({ body }) => ({
          body: Buffer.from(JSON.stringify({ bytes: body.length })),
        }))
        link.stack.route('echo', ({ body }) => ({ body, priority: 0 }))
      })
      const handle = links.openLink('tcp-listen://127.0.0.1:0')
      await handle.listener!.open()
      const { address } = handle.listener!
      return { port: 'port' in address ? address.port : 0 }
    },
    async connect(port): Promise<BenchClient> {
      const links = makeLinks(2, () => undefined)
      const { link } = links.openLink(`tcp://127.0.0.1:${port}`)
      await link!.whenConnected()
      const body = Buffer.alloc(REQUEST_BYTES, 5)
      return {
        async bulk(bytes) {
          const { answer } = link!.request({ route: 'sink', body: Buffer.alloc(bytes, 7), priority: 7 })
          const { bytes: received } = JSON.parse(Buffer.from((await answer).body).toString()) as {
            bytes: number
          }
          if (received !== bytes) throw new Error(`${received} of ${bytes} bytes arrived`)
        },
        async request() {
          const answer = await link!.request({ route: 'echo', body, priority: 0 }).answer
          if (answer.body.length !== REQUEST_BYTES) throw new Error(`echo of ${answer.body.length} bytes`)
        },
        close: () => links.closeAll(),
      }
    },
  }
}
