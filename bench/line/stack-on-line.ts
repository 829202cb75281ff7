import { Link } from '../../src/main/link/link'
import type { Transport } from '../../src/main/transport/transport'
import { seededRandom } from '../../src/main/transport/seeded-random'
import type { Clock } from '../../src/shared/model/clock'
import { parseLinkUrl } from '../../src/shared/model/link-url'
import type { FrameEvent, TraceEvent } from '../../src/shared/model/trace'
import { VirtualClock } from '../../src/testing/virtual-clock'
import { REQUEST_BYTES } from '../measure/rate'
import { requestBody } from '../peers/peer'
import type { LineRun, LineLimits } from './line-run'
import { bytesPerMs, type LineVariant, makeVariantLine } from './line-variant'
import { Arrivals, runOpenLoop } from './open-loop'

const MESSAGE_BYTES = 64 * 1024
/** On a line that damages bytes only whole bodies count as delivered, so they are small. */
const SMALL_MESSAGE_BYTES = 8 * 1024

/** Our stack on a simulated line, link and pacing included. */
export async function runStackOnLine(
  dialect: string,
  baud: number,
  variant: LineVariant,
  isUnderBulk: boolean,
): Promise<LineRun> {
  const clock = new VirtualClock()
  const { line, near, far, hostClock } = makeVariantLine(clock, baud, variant)
  const arrivals = new Arrivals(clock)
  const isDamaging = variant.faults !== undefined
  const outgoing = new OutgoingWatch(() => near.pendingBytes(line.counts.nearToFar))
  let delivered = 0
  const device = makeLink(1, dialect, baud, far, clock, (event) => {
    if (!isDamaging && event.type === 'frame' && event.dir === 'in') delivered += event.payloadBytes
    const isBody = event.type === 'message-closed' && event.dir === 'in' && event.outcome === 'complete'
    if (isDamaging && isBody) delivered += event.bodyBytes
  })
  device.stack.route('echo', ({ body }) => {
    arrivals.note(Buffer.from(body).readUInt32LE())
    return { body, priority: 0 }
  })
  device.stack.onUnrouted(() => undefined)
  const host = makeLink(2, dialect, baud, near, hostClock, outgoing.observe)
  device.open()
  host.open()
  await clock.advanceToAsync(1000)

  const figures = await runOpenLoop(
    clock,
    {
      advanceTo: (atMs) => clock.advanceToAsync(atMs),
      async request(index) {
        const body = requestBody(index, REQUEST_BYTES)
        const { messageKey, answer } = host.request({ route: 'echo', body, priority: 0 })
        outgoing.urgentSent(messageKey)
        const echo = await answer
        if (!body.equals(echo.body)) throw new Error('wrong echo')
      },
      keepBusy() {
        const body = new Uint8Array(isDamaging ? SMALL_MESSAGE_BYTES : MESSAGE_BYTES)
        while (host.stack.queuedBytes < bytesPerMs(baud) * 1000) {
          host.send({ route: 'firmware', kind: 'event', body, priority: 7 })
        }
      },
      delivered: () => delivered,
      carried: () => line.counts.nearToFar.carriedBytes,
    },
    arrivals,
    { isUnderBulk, bytesPerMs: bytesPerMs(baud) },
  )
  const limits = outgoing.limits()
  await Promise.all([host.close(), device.close()])
  return { figures, limits }
}

function makeLink(
  id: number,
  dialect: string,
  baud: number,
  transport: Transport,
  clock: Clock,
  onTrace: (event: TraceEvent) => void,
): Link {
  return new Link({
    id,
    address: parseLinkUrl(`serial:/dev/simulated?baud=${baud}&dialect=${dialect}`),
    transport,
    clock,
    random: seededRandom(id),
    onTrace,
  })
}

/** Watches the host's outgoing frames: how large they are, and what an urgent message finds in front of it. */
class OutgoingWatch {
  readonly #pendingBytes: () => number
  /** Urgent messages that have not begun: what was handed over when they were sent, and what of it was still to go. */
  readonly #waiting = new Map<number, { readonly handedBytes: number; readonly pendingBytes: number }>()
  readonly #urgentBytes = new Map<number, number>()
  #handedBytes = 0
  #chunkBytes = 0
  #headBytes = 0
  #aheadBytes = 0

  constructor(pendingBytes: () => number) {
    this.#pendingBytes = pendingBytes
  }

  readonly observe = (event: TraceEvent): void => {
    if (event.type === 'frame' && event.dir === 'out') this.#frameHandedOver(event)
  }

  urgentSent(messageKey: number): void {
    this.#urgentBytes.set(messageKey, 0)
    this.#waiting.set(messageKey, { handedBytes: this.#handedBytes, pendingBytes: this.#pendingBytes() })
  }

  limits(): LineLimits {
    return {
      chunkBytes: this.#chunkBytes,
      headBytes: this.#headBytes,
      urgentBytes: Math.max(0, ...this.#urgentBytes.values()),
      aheadBytes: this.#aheadBytes,
    }
  }

  #frameHandedOver({ messageKey, wireBytes, payloadBytes }: FrameEvent): void {
    const urgent = this.#urgentBytes.get(messageKey)
    const waited = this.#waiting.get(messageKey)
    if (waited !== undefined) {
      const sinceBytes = this.#handedBytes - waited.handedBytes
      this.#aheadBytes = Math.max(this.#aheadBytes, waited.pendingBytes + sinceBytes)
      this.#waiting.delete(messageKey)
    }
    if (urgent !== undefined) this.#urgentBytes.set(messageKey, urgent + wireBytes)
    else if (payloadBytes > 0 && wireBytes > this.#chunkBytes + this.#headBytes) {
      this.#chunkBytes = payloadBytes
      this.#headBytes = wireBytes - payloadBytes
    }
    this.#handedBytes += wireBytes
  }
}
