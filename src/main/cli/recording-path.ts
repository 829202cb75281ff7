import { existsSync } from 'node:fs'
import { ConsoleError } from '../../shared/errors'
import { usageError } from './arguments'

/**
 * Where a new recording goes: nothing of this name, and nothing unfinished of this name, is there yet.
 *
 * @param source - What is read, which may have the name of the unfinished recording.
 * @throws ConsoleError `OPTION_INVALID`, `FILE_UNWRITABLE` when something has this name already.
 */
export function recordingPath(path: string | undefined, source?: string): string {
  if (path === undefined) throw usageError('-o FILE.mcap is missing')
  if (!path.endsWith('.mcap')) throw usageError(`-o ${path} does not end with .mcap`)
  const taken = [path, `${path}.part`].find((each) => each !== source && existsSync(each))
  if (taken === undefined) return path
  const remedy = 'Choose another name, or move that file away.'
  throw new ConsoleError('FILE_UNWRITABLE', `${taken} exists already`, { remedy })
}
