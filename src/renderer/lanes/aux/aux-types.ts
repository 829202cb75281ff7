import type { ModemLines } from '../../../shared/model/views'

/** What the lanes below those of the messages show, in their order on the screen. */
export const AUX_KINDS = ['links', 'faults', 'notes', 'tasks', 'cache', 'queue', 'lines'] as const
export type AuxKind = (typeof AUX_KINDS)[number]

export type ModemLine = keyof ModemLines
export const MODEM_LINES: readonly ModemLine[] = ['dtr', 'rts', 'cts', 'dsr', 'dcd', 'ri']

/** One of these lanes. */
export interface AuxRow {
  /** Unique among them, and the same for the whole session. */
  readonly key: string
  readonly kind: AuxKind
  /** 0: it is about all links. */
  readonly linkId: number
  readonly line: ModemLine | null
  /** CSS pixels from the top of the first of them. */
  readonly top: number
  readonly height: number
}

export interface AuxHead extends AuxRow {
  /** The title of the link belongs to the name: others have such a lane too. */
  readonly isOneOfSeveral: boolean
  /** Faults, notes, runs of tasks or ends in the cache kept; bytes in the queue; 1 for a line that is asserted, 0 for one that is not. */
  readonly value: number
}

/** What the card beside something in one of these lanes says. */
export interface AuxCard {
  /** CSS pixels in the canvas; the card stands above `y`. */
  readonly x: number
  readonly y: number
  readonly isStepped: boolean
  /** Name of the lane it is in. */
  readonly lane: string
  readonly linkId: number
  readonly isBad: boolean
  readonly title: string
  readonly rows: readonly (readonly [name: string, value: string])[]
}

export type AuxFacts = Pick<AuxCard, 'linkId' | 'isBad' | 'title' | 'rows'>
