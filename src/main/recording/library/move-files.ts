import { lstatSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { ConsoleError } from '../../../shared/errors'

export interface Move {
  readonly from: string
  readonly to: string
}

/**
 * Moves files together: all of them, or none. Nothing that is there is overwritten, save by who makes a file of this name
 * in the very instant between look and move.
 *
 * @throws ConsoleError `RECORDING_NAME_TAKEN`, `FILE_UNWRITABLE`: what was moved is moved back.
 */
export async function moveTogether(moves: readonly Move[]): Promise<void> {
  const taken = moves.find(({ from, to }) => isThere(to) && !isSame(from, to))
  if (taken !== undefined) throw new ConsoleError('RECORDING_NAME_TAKEN', `${taken.to} is there already`)
  const done: Move[] = []
  try {
    for (const move of moves) {
      await rename(move.from, move.to)
      done.push(move)
    }
  } catch (cause) {
    for (const { from, to } of done.toReversed()) await rename(to, from).catch(() => undefined)
    throw new ConsoleError('FILE_UNWRITABLE', 'the files cannot be moved', {}, { cause })
  }
}

function isThere(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}

/** The same file under another spelling, where capitals do not count. */
function isSame(one: string, other: string): boolean {
  const [left, right] = [lstatSync(one, { bigint: true }), lstatSync(other, { bigint: true })]
  return left.ino === right.ino && left.dev === right.dev && one.toLowerCase() === other.toLowerCase()
}
