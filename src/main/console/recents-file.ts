import { mkdir, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { ConsoleError } from '../../shared/errors'
import type { RecentLink } from '../../shared/model/views'
import { replaceFile } from '../workspace/replace-file'
import type { RecentsPort } from './recents'

const fileCheck = z.object({
  links: z.array(
    z.object({
      url: z.string().min(1).max(2048),
      title: z.string().max(4096),
      lastUsedIso: z.iso.datetime(),
    }),
  ),
})

/**
 * Recent links in a small JSON file. One that is not such a list is set aside as `….bad` when the next list is saved, not
 * thrown away.
 */
export function recentsFile(path: string): RecentsPort {
  let isBad = false
  return {
    async load() {
      let text: string
      try {
        text = await readFile(path, 'utf8')
      } catch (cause) {
        if (isMissing(cause)) return []
        throw new ConsoleError('FILE_UNREADABLE', `recent links cannot be read from ${path}`, {}, { cause })
      }
      const links = parseLinks(text)
      isBad = links === undefined
      if (links === undefined)
        throw new ConsoleError('FILE_UNREADABLE', `${path} is not a list of recent links`)
      return links
    },
    async save(links) {
      try {
        await mkdir(dirname(path), { recursive: true })
        if (isBad) await rename(path, `${path}.bad`)
        isBad = false
        await replaceFile(path, `${JSON.stringify({ links }, null, 2)}\n`)
      } catch (cause) {
        throw new ConsoleError('FILE_UNWRITABLE', `recent links cannot be saved to ${path}`, {}, { cause })
      }
    },
  }
}

function parseLinks(text: string): RecentLink[] | undefined {
  try {
    return fileCheck.parse(JSON.parse(text)).links
  } catch {
    return undefined
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'
