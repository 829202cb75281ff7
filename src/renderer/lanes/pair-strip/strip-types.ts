/** One chunk or message of a line. Times are milliseconds on the axis of the strip. */
export interface StripBlock {
  readonly dir: 'in' | 'out'
  readonly startMs: number
  readonly endMs: number
  /** Hue of the stream, 1 to 8; 0 for what belongs to none. */
  readonly hue: number
  /** `missing`: the place of something that only the other line has. `added`: something that only this line has. */
  readonly look: 'solid' | 'missing' | 'added'
  /** End of what this block began (an exchange with its answer), for the frame around a selection. */
  readonly untilMs?: number
}

/** What belongs together in both lines, as indices of their blocks; -1 where a line has nothing. */
export interface StripTie {
  readonly above: number
  readonly below: number
  readonly tone: 'equal' | 'changed' | 'slower'
}

export type StripSide = 'above' | 'below'

export interface StripLabels {
  /** Name of the whole strip for those who do not see it. */
  readonly strip: string
  readonly above: string
  readonly below: string
  /** What the curves between the lines join. */
  readonly ties: string
  /** What is said of a block under the pointer, and of the selected one. */
  readonly describe?: (side: StripSide, index: number) => string
}

export interface TimeWindow {
  readonly fromMs: number
  readonly toMs: number
}
