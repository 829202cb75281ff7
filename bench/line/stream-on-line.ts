import { createLine } from '../../src/main/transport/line'
import { VirtualClock } from '../../src/testing/virtual-clock'
import { BulkLedger } from '../bulk-ledger'
import { REQUEST_BYTES } from '../measure/rate'
import { checkedBulk, checkedRequest, type StreamPeer } from '../peers/peer'
import type { LineRun } from './line-run'
import { nominalRate, bytesPerMs } from './line-variant'
import { openLineStream } from './line-stream'
import { Arrivals, runOpenLoop } from './open-loop'

/** More than the line carries in a run: a transfer that never ends. Peers that send whole messages send small ones. */
const ENDLESS_BYTES = 16 * 1024 * 1024
const MESSAGE_BYTES = 64 * 1024

/** Streams need turns of the event loop, not only promise callbacks: time passes in steps of this length. */
const STEP_MS = 1
const TURNS = 4

/** Somebody else's peer on a simulated line, over Node streams. */
export async function runStreamOnLine(
  peer: StreamPeer,
  baud: number,
  isUnderBulk: boolean,
): Promise<LineRun> {
  const clock = new VirtualClock()
  const line = createLine({ clock, rate: nominalRate(baud) })
  const ledger = new BulkLedger(false)
  const arrivals = new Arrivals(clock)
  let requestBytes = 0
  const echo = (body: Uint8Array): Uint8Array => {
    requestBytes += body.length
    arrivals.note(Buffer.from(body).readUInt32LE())
    return body
  }
  const [far, near] = [await openLineStream(line.far), await openLineStream(line.near)]
  peer.serve(far, { ledger, echo })
  const advanceTo = async (atMs: number): Promise<void> => {
    for (let stepMs = clock.nowMs(); stepMs < atMs; ) {
      stepMs = Math.min(stepMs + STEP_MS, atMs)
      await clock.advanceToAsync(stepMs)
      for (let turn = 0; turn < TURNS; turn++) await new Promise(setImmediate)
    }
  }
  const connecting = peer.connect(near)
  await advanceTo(clock.nowMs() + 1000)
  const client = await connecting

  let transfers = 0
  const send = async (transfer: number): Promise<void> => {
    transfers += 1
    await checkedBulk(client, peer.name === 'ws' ? MESSAGE_BYTES : ENDLESS_BYTES, transfer)
    transfers -= 1
  }
  const wanted = peer.name === 'ws' ? 2 : 1
  let lastTransfer = 0
  const figures = await runOpenLoop(
    clock,
    {
      advanceTo,
      request: (index) => checkedRequest(client, index, REQUEST_BYTES),
      keepBusy() {
        while (transfers < wanted) void send(++lastTransfer).catch(() => undefined) // closed at the end of the run
      },
      delivered: () => ledger.countedBytes + requestBytes,
      carried: () => line.counts.nearToFar.carriedBytes,
    },
    arrivals,
    { isUnderBulk, bytesPerMs: bytesPerMs(baud) },
  )
  await client.close()
  near.destroy()
  far.destroy()
  return { figures }
}
