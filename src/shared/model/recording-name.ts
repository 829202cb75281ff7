import { entryNameProblem } from '../workspace/entry-name'

export const RECORDING_EXTENSION = '.mcap'
/** Of a recording that is still written, or whose writing broke off. */
export const UNFINISHED_EXTENSION = '.mcap.part'
/** Longest name of a recording in characters, with its extension. */
export const MAX_RECORDING_NAME_LENGTH = 96

const ENDING = /\.mcap(\.part)?$/

/**
 * Why a text cannot name a recording, in a few words; null when it can. A recording is named by its file: no folder, and a
 * name that is good on every system.
 */
export function recordingNameProblem(name: string): string | null {
  if (!ENDING.test(name)) return `a recording ends with "${RECORDING_EXTENSION}"`
  const stem = recordingStem(name)
  if (stem.includes('/')) return 'a recording lies in no folder of its own'
  return entryNameProblem(stem)
}

/** The name without its extension: what a person reads, and what parts and notes beside it are called after. */
export const recordingStem = (name: string): string => name.replace(ENDING, '')

/** Whether it is still written, or its writing broke off. */
export const isUnfinished = (name: string): boolean => name.endsWith(UNFINISHED_EXTENSION)
