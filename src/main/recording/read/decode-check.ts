import type { Direction, TraceEvent } from '../../../shared/model/trace'
import { type LinkAddress, parseLinkUrl } from '../../../shared/model/link-url'
import { isLossyScheme } from '../../link/line-settings'
import type { DecodeDifference } from './decode-difference'
import { DirectionCheck } from './direction-check'

/** Differences that are kept; more are counted. */
const MAX_DECODE_DIFFERENCES = 1000

export interface DecodeChecked {
  readonly linkId: number
  readonly dir: Direction
  readonly dialect: string
  readonly bytes: number
  /** That are the same on both sides. */
  readonly frames: number
  readonly messages: number
}

export interface DecodeReport {
  readonly checked: readonly DecodeChecked[]
  /** Links that could not be checked, and why. */
  readonly unchecked: readonly { readonly linkId: number; readonly why: string }[]
  readonly differences: readonly DecodeDifference[]
  readonly differenceCount: number
  /** Derived from the bytes where the recorder says that it left such entries out: the disk was too slow. */
  readonly leftOut: number
}

interface LinkCheck {
  readonly in: DirectionCheck
  readonly out: DirectionCheck
}

/**
 * Derives frames and messages again from the recorded bytes, by the stack that derived them when they were recorded, and
 * holds them against what was recorded: a test of the recording and of the decoders at once.
 *
 * What the peer sent is read by the dialect; what we sent too, as the peer would. Where a dialect has to shake hands it is
 * read along (`Dialect.reader`), and then frames are compared by place and length only. Pieces of a plain stream that we
 * sent are what the program wanted to send, which bytes do not tell: those are not compared.
 */
export class DecodeCheck {
  readonly #links = new Map<number, LinkCheck>()
  readonly #unchecked = new Map<number, string>()
  readonly #differences: DecodeDifference[] = []
  #differenceCount = 0
  #leftOut = 0
  #hasGaps = false

  /** The recorder left derived entries out: that something is not there is no difference from here on. */
  noteGap(): void {
    this.#hasGaps = true
  }

  observe(event: TraceEvent): void {
    switch (event.type) {
      case 'link-state':
        if (event.phase === 'connected' || event.phase === 'listening')
          this.#connected(event.linkId, event.url)
        else if (event.phase === 'closed' || event.phase === 'interrupted') this.#ended(event.linkId)
        return
      case 'bytes':
        this.#links.get(event.linkId)?.[event.dir].receive(event.bytes, event.streamOffset, event.atMs)
        return
      case 'frame':
        if (event.wireBytes > 0) this.#links.get(event.linkId)?.[event.dir].recordedFrame(event)
        return
      case 'message-opened':
        this.#links.get(event.linkId)?.[event.dir].recordedOpened(event)
        return
      case 'message-closed':
        this.#links.get(event.linkId)?.[event.dir].recordedClosed(event)
        return
      default:
        return
    }
  }

  /** What came of it. To be called once, after the last event. */
  report(): DecodeReport {
    for (const linkId of this.#links.keys()) this.#ended(linkId)
    const sides = [...this.#links].flatMap(([linkId, link]) =>
      (['in', 'out'] as const).map((dir) => ({ linkId, dir, ...link[dir].counts })),
    )
    return {
      checked: sides.filter(({ bytes }) => bytes > 0),
      unchecked: [...this.#unchecked].map(([linkId, why]) => ({ linkId, why })),
      differences: this.#differences,
      differenceCount: this.#differenceCount,
      leftOut: this.#leftOut,
    }
  }

  #connected(linkId: number, url: string): void {
    const known = this.#links.get(linkId)
    if (known !== undefined) {
      for (const side of [known.in, known.out]) side.restart()
      return
    }
    const address = addressOf(url)
    if (address === undefined) {
      this.#unchecked.set(linkId, 'its address is not known')
      return
    }
    const side = (dir: Direction): DirectionCheck =>
      new DirectionCheck(
        {
          dialect: address.dialect,
          isLossy: isLossyScheme(address),
          ...(address.gapMs !== undefined && { idleGapMs: address.gapMs }),
          dir,
        },
        (difference) => this.#found({ linkId, dir, ...difference }),
      )
    this.#links.set(linkId, { in: side('in'), out: side('out') })
  }

  #ended(linkId: number): void {
    const link = this.#links.get(linkId)
    if (link === undefined) return
    link.in.end()
    link.out.end()
  }

  #found(difference: DecodeDifference): void {
    if (this.#hasGaps && difference.field === '' && difference.recorded === '') {
      this.#leftOut += 1
      return
    }
    this.#differenceCount += 1
    if (this.#differences.length < MAX_DECODE_DIFFERENCES) this.#differences.push(difference)
  }
}

function addressOf(url: string): LinkAddress | undefined {
  try {
    return parseLinkUrl(url)
  } catch {
    return undefined
  }
}
