import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ConsoleError } from '../../../shared/errors'
import { foldedName } from '../../../shared/workspace/entry-name'
import { isInside } from '../../workspace/kind-folder'

/** Where exports go: `<workspace>/exports`. The only place where a name of an export becomes a path. */
export class ExportsFolder {
  readonly dir: string
  readonly #workspaceDir: string

  constructor(workspaceDir: string) {
    this.dir = join(workspaceDir, 'exports')
    this.#workspaceDir = workspaceDir
  }

  /**
   * A path that no file begins with; the folder is made.
   *
   * @param stem - Of a recording: a name that is good on every system.
   * @param extension - Of the main file; empty where each file gets its own.
   * @throws ConsoleError `FILE_UNWRITABLE`.
   */
  newPath(stem: string, extension: string): string {
    try {
      mkdirSync(this.dir, { recursive: true, mode: 0o700 })
    } catch (cause) {
      throw new ConsoleError('FILE_UNWRITABLE', `${this.dir} cannot be made`, {}, { cause })
    }
    if (!isInside(this.#workspaceDir, this.dir))
      throw new ConsoleError('FILE_UNWRITABLE', `${this.dir} leads out of the workspace`)
    const taken = readdirSync(this.dir).map(foldedName)
    for (let number = 1; ; number++) {
      const name = `${stem}${number === 1 ? '' : ` (${number})`}${extension}`
      const wanted = foldedName(name)
      if (!taken.some((each) => each === wanted || each.startsWith(`${wanted}.`))) return join(this.dir, name)
    }
  }
}
