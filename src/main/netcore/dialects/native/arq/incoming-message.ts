import type { IncomingHead } from '../../codec'
import { type BodyWriter, NOWHERE } from '../../../pipe/message-body'
import type { Incoming } from '../../../pipe/pipe'
import { HeaderGathering } from './header-block'
import type { Priority } from '../../../../../shared/model/trace'

export type ExchangeKind = 'req' | 'sub' | 'evt'

/** What the first frame of a message says of it. */
export interface MessageStart {
  readonly hasHeaders: boolean
  readonly isError: boolean
  /** Null for answers: they have the route and priority of what they answer. */
  readonly opening: {
    readonly kind: ExchangeKind
    readonly route: string
    readonly priority: Priority
    /** Bytes with headers, where the sender told. */
    readonly totalBytes: number | null
  } | null
}

/** A message on its way in. It has a head, and a place where its body gathers, once its headers are whole. */
export class IncomingMessage implements Incoming {
  readonly start: MessageStart
  messageKey = 0
  head: IncomingHead = NO_HEAD
  answersKey = 0
  /** Set while its headers are not whole. */
  gathering: HeaderGathering | null
  writer: BodyWriter = NOWHERE
  frames = 0
  /** Position of the first body byte within the message. */
  bodyPosition = 0
  /** Position of its first byte within its half. */
  readonly startPosition: number

  constructor(start: MessageStart, startPosition: number) {
    this.start = start
    this.startPosition = startPosition
    this.gathering = start.hasHeaders ? new HeaderGathering() : null
  }

  get isOpen(): boolean {
    return this.messageKey !== 0
  }
}

const NO_HEAD: IncomingHead = {
  ref: '',
  route: '',
  kind: 'event',
  priority: 3,
  correlationId: '',
  headers: Object.create(null) as Record<string, never>,
  declaredBytes: null,
}
