import { stat } from 'node:fs/promises'
import { ConsoleError } from '../../shared/errors'

/** The folder itself. @throws ConsoleError `FILE_UNREADABLE` where there is none: told before anybody connects. */
export async function existingFolder(dir: string): Promise<string> {
  const isFolder = await stat(dir).then(
    (facts) => facts.isDirectory(),
    () => false,
  )
  if (!isFolder) throw new ConsoleError('FILE_UNREADABLE', `${dir} is not a folder`)
  return dir
}
