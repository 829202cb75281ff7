import type { IconName } from '../../ui/icons'

/** Something that another part of the program does with recordings: the page puts it into the library. */
export interface RecordingAction {
  readonly key: string
  /** In sentence case, with … when it asks for more. */
  readonly label: string
  readonly icon?: IconName
  /** Its key in the table. */
  readonly hint?: string
  /** How many recordings it is for. */
  readonly needs: 'one' | 'two' | 'any'
  readonly run: (recordings: readonly string[]) => void
}

export const isFor = ({ needs }: RecordingAction, count: number): boolean =>
  needs === 'any' ? count > 0 : needs === 'one' ? count === 1 : count === 2
