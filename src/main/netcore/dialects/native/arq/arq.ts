import type { IncomingTrace } from '../../../pipe/incoming-trace'
import type { StackLimits } from '../../../pipe/limits'
import type { OutgoingTrace } from '../../../pipe/outgoing-trace'
import type { LineHints, PipeOwner, SendPolicy } from '../../../pipe/pipe'
import type { Framing } from '../wire/wire'
import { Assembly } from './assembly'
import { Endings } from './endings'
import { ExchangeTables } from './exchange-tables'
import { Exchanges } from './exchanges'
import { Receiver } from './receiver'
import { Sender } from './sender'

/** LEN: bytes handed over and not acknowledged. More only makes urgent messages wait (performance.md §2). */
export const LEN_WINDOW_BYTES = 256 * 1024

/** The parts of the pipe that carry messages, joined. */
export interface Arq {
  readonly tables: ExchangeTables
  readonly sender: Sender
  readonly exchanges: Exchanges
  readonly endings: Endings
  readonly assembly: Assembly
  readonly receiver: Receiver
}

export interface ArqOptions {
  readonly framing: Framing
  readonly limits: StackLimits
  readonly line: LineHints
  readonly policy: SendPolicy
  readonly creditWindow: number
  readonly ownSlots: number
  readonly peerSlots: number
}

export interface ArqPort {
  readonly owner: PipeOwner
  readonly incoming: IncomingTrace
  readonly outgoing: OutgoingTrace
  readonly outOffset: () => number
}

export function createArq(options: ArqOptions, { owner, incoming, outgoing, outOffset }: ArqPort): Arq {
  const { framing, limits, line, policy, creditWindow, ownSlots, peerSlots } = options
  const tables = new ExchangeTables(peerSlots, limits.queuedBytes)
  const sender = new Sender({
    framing,
    line,
    agingMs: policy.agingMs,
    chunkCapBytes: policy.chunkBytes,
    windowBytes: LEN_WINDOW_BYTES,
  })
  const endings = new Endings(
    tables,
    {
      owner,
      trace: outgoing,
      fault: (code, ref, detail, nowMs) => {
        const streamOffset = outOffset()
        owner.trace({ type: 'fault', atMs: nowMs, dir: 'out', code, streamOffset, lostBytes: 0, ref, detail })
      },
      abandon: (half, outcome, code, nowMs) => {
        incoming.nowMs = nowMs
        assembly.abandon(half, outcome, code)
      },
    },
    sender,
    limits.requestTimeoutMs,
  )
  const exchanges = new Exchanges(
    { framing, ownSlots, firstCreditBytes: creditWindow },
    tables,
    endings,
    sender,
    { owner, trace: outgoing },
  )
  sender.serve(exchanges)
  const assembly: Assembly = new Assembly(limits, {
    owner,
    trace: incoming,
    raiseCredit: (half) => sender.controls.add(half.creditControl()),
    requestCame: (slot, messageKey) => exchanges.requestCame(slot, messageKey),
    answersCame: (slot) => exchanges.answersCame(slot),
    answersEnded: (half) => receiver.answersEnded(half),
    refused: (half, code, nowMs) => endings.refuse(half, code, nowMs),
  })
  const parts = { tables, exchanges, endings, assembly, owner, trace: incoming }
  const receiver: Receiver = new Receiver(framing, creditWindow, parts)
  return { tables, sender, exchanges, endings, assembly, receiver }
}
