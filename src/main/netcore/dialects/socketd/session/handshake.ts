import type { ErrorCode } from '../../../../../shared/errors'
import type { SessionPhase } from '../../../../../shared/model/trace'
import type { PipeOptions, SessionOptions } from '../../../pipe/pipe'
import type { Frame } from '../wire/frame'
import { formatMeta, type MetaPair, parseMeta } from '../wire/meta'
import { connectUrl, fitsResource, readConnect } from './connect-url'

const VERSION_META = 'Socket.D'
const VERSION = '1.0'
/** Name of a session among others, for brokers. */
const NAME_META = '@'
/** As in the library, over all of it. */
export const CONNECT_TIMEOUT_MS = 10_000
/** A Connect that may have got lost is said again so often, with the same sid. */
export const CONNECT_TRIES = 3
export const CONNECT_AGAIN_MS = 1000
/** What is shown of the peer's words. */
const SHOWN_CHARACTERS = 200

export interface HandshakePort {
  drawSid(): string
  connect(sid: string, url: string, meta: string): void
  connack(sid: string, event: string, data: Uint8Array, meta: string): void
  changed(phase: SessionPhase, code: ErrorCode | null, detail: string, nowMs: number): void
  /** The session is open: what waited may go. */
  opened(nowMs: number): void
  /** The other side is not what it should be, or is not wanted. */
  refuse(code: ErrorCode, detail: string, nowMs: number): void
  /** A promise settled: somebody has to look. */
  work(): void
}

/**
 * Who may speak, on one connection after the other: the client says where it wants to go, the server judges and repeats what
 * it was asked. Nothing else is understood before that is done.
 */
export class Handshake {
  readonly #session: SessionOptions
  readonly #isServer: boolean
  /** Words get lost here: they are said again, and answered again. */
  readonly #isLossy: boolean
  readonly #timeoutMs: number
  readonly #port: HandshakePort
  #state: 'idle' | 'waiting' | 'judging' | 'open' = 'idle'
  #sid = ''
  #startedMs = 0
  #tries = 0
  /** Counts up with each begin, so that a late verdict finds nobody. */
  #round = 0
  #answer: (() => void) | undefined
  #verdict: boolean | undefined
  /** Where the peer wants to go, for a person. */
  #detail = ''
  peerIdentity = ''
  /** What the client asked for, decoded. */
  path = ''

  constructor({ session, codec }: PipeOptions, port: HandshakePort) {
    this.#session = session ?? { role: 'host' }
    this.#isServer = session?.role === 'device'
    this.#isLossy = codec.onDamage === 'resync'
    this.#timeoutMs = session?.handshakeMs ?? CONNECT_TIMEOUT_MS
    this.#port = port
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  get isWaiting(): boolean {
    return this.#state === 'waiting'
  }

  /** The peer has said Connect, or we have: what comes early may be kept. */
  get hasBegun(): boolean {
    return this.#state === 'judging' || (this.#state === 'waiting' && !this.#isServer)
  }

  get wakeAtMs(): number {
    if (this.#state === 'judging' && this.#verdict !== undefined) return this.#startedMs
    // A line is there for good: whoever serves it waits until somebody comes.
    if (this.#state === 'waiting' && this.#isServer && this.#isLossy) return Infinity
    if (this.#state !== 'waiting' && this.#state !== 'judging') return Infinity
    const deadlineMs = this.#startedMs + this.#timeoutMs
    return this.#repeats ? Math.min(deadlineMs, this.#startedMs + this.#tries * CONNECT_AGAIN_MS) : deadlineMs
  }

  begin(nowMs: number): void {
    this.#round += 1
    this.#state = 'waiting'
    this.#startedMs = nowMs
    this.#verdict = undefined
    this.#answer = undefined
    this.#sid = ''
    this.peerIdentity = ''
    this.path = ''
    this.#port.changed('handshake', null, '', nowMs)
    if (this.#isServer) return
    this.path = readConnect(connectUrl(this.#session), NO_METAS).path
    this.#sid = this.#port.drawSid()
    this.#tries = 1
    this.#connect()
  }

  end(): void {
    this.#round += 1
    this.#state = 'idle'
  }

  wake(nowMs: number): void {
    if (nowMs < this.wakeAtMs) return
    if (this.#verdict !== undefined) {
      this.#judged(this.#verdict, nowMs)
    } else if (nowMs >= this.#startedMs + this.#timeoutMs) {
      const what = this.#isServer ? 'no Connect came' : 'no Connack came'
      this.#port.refuse('SOCKETD_HANDSHAKE', `${what} within ${this.#timeoutMs / 1000} s`, nowMs)
    } else {
      this.#tries += 1
      this.#connect()
    }
  }

  /** A Connect, while one is waited for. */
  connectCame(frame: Frame, nowMs: number): void {
    this.#sid = frame.sid
    const { event, data, meta } = frame
    const metas = parseMeta(meta)
    metas.delete(VERSION_META)
    const url = data.length > 0 ? new TextDecoder().decode(data) : event
    const asked = readConnect(url, metas)
    const name = asked.params.get(NAME_META) ?? ''
    this.peerIdentity = shown(name === '' ? asked.path : name)
    this.path = asked.path
    const ownName = this.#nameMeta
    const answerMeta = formatMeta([...ownName, [VERSION_META, VERSION]])
    this.#answer = () => this.#port.connack(frame.sid, event, data.slice(), answerMeta)
    this.#state = 'judging'
    if (this.#isLossy) this.#startedMs = nowMs
    this.#judge(url, asked, nowMs)
  }

  /** True when it is the Connect that was answered already: its answer got lost. */
  isRepeated(frame: Frame): boolean {
    return this.#state !== 'waiting' && frame.sid === this.#sid
  }

  answerAgain(): void {
    if (this.isOpen) this.#answer?.()
  }

  /** False when it answers nothing of ours. */
  connackCame(frame: Frame, nowMs: number): boolean {
    if (this.#isServer || frame.sid !== this.#sid) return false
    if (this.#state !== 'waiting') return this.#isLossy
    const metas = parseMeta(frame.meta)
    this.peerIdentity = shown(metas.get(NAME_META) ?? '')
    metas.delete(VERSION_META)
    metas.delete(NAME_META)
    this.#open([...metas].map(([key, value]) => `${key}=${value}`).join(', '), nowMs)
    return true
  }

  get #repeats(): boolean {
    return !this.#isServer && this.#isLossy && this.#tries < CONNECT_TRIES
  }

  /** A name that can not be said is left out: it is not worth the connection. */
  get #nameMeta(): readonly MetaPair[] {
    const { identity = '' } = this.#session
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
    return identity === '' || /[&\u0000\n\r]/.test(identity) ? [] : [[NAME_META, identity]]
  }

  #connect(): void {
    const meta = formatMeta([...this.#nameMeta, [VERSION_META, VERSION]])
    this.#port.connect(this.#sid, connectUrl(this.#session), meta)
  }

  #judge(url: string, asked: ReturnType<typeof readConnect>, nowMs: number): void {
    this.#detail = `${shown(pathAndQuery(url))}${asked.metas.size === 0 ? '' : ` with ${shown([...asked.metas.keys()].join(', '))}`}`
    if (!fitsResource(asked, this.#session.resource ?? '')) {
      this.#judged(false, nowMs)
      return
    }
    const { admit } = this.#session
    const round = this.#round
    const settled = (isAdmitted: boolean): void => {
      if (round !== this.#round || this.#state !== 'judging') return
      this.#verdict = isAdmitted
      this.#port.work()
    }
    try {
      const verdict = admit === undefined ? true : admit(asked)
      if (typeof verdict === 'boolean') this.#judged(verdict, nowMs)
      else
        verdict.then(settled, () => {
          settled(false)
        })
    } catch {
      this.#judged(false, nowMs)
    }
  }

  #judged(isAdmitted: boolean, nowMs: number): void {
    if (!isAdmitted) {
      this.#port.refuse('SOCKETD_REFUSED', `the peer may not connect to ${this.#detail}`, nowMs)
      return
    }
    this.#answer?.()
    this.#open(this.#detail, nowMs)
  }

  #open(detail: string, nowMs: number): void {
    this.#state = 'open'
    this.#port.changed('ready', null, shown(detail), nowMs)
    this.#port.opened(nowMs)
  }
}

const NO_METAS: ReadonlyMap<string, string> = new Map()

const shown = (text: string): string => text.slice(0, SHOWN_CHARACTERS)

const pathAndQuery = (url: string): string => url.replace(/^[^/]*\/\/[^/?]*/, '') || '/'
