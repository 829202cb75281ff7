/** One flag on the axis, device pixels. */
export interface NoteFlag {
  readonly x: number
  readonly width: number
  /** Empty for one without words, or without room for them. */
  readonly words: string
  readonly isChosen: boolean
}
