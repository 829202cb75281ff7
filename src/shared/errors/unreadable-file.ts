import { ConsoleError } from './console-error'

/** What the system calls it, in words that a person can act on. */
const REASONS: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  ENOENT: ['does not exist', 'Check the path.'],
  ENOTDIR: ['does not exist', 'Check the path: a part of it is a file.'],
  EACCES: ['may not be read by you', 'Ask its owner for the right to read it, or copy it.'],
  EPERM: ['may not be read by you', 'Ask its owner for the right to read it, or copy it.'],
  EISDIR: ['is a folder', 'Name a file in it.'],
}

/**
 * A file could not be opened or read.
 *
 * @param path - As the person named it.
 * @param cause - What the system threw; what it calls a code decides the words.
 */
export function unreadableFile(path: string, cause?: unknown): ConsoleError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const known = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined
  if (known !== undefined) {
    const [what, remedy] = known
    return new ConsoleError('FILE_UNREADABLE', `${path} ${what}`, { remedy }, { cause })
  }
  const detail = code === '' ? '' : ` (${code})`
  return new ConsoleError('FILE_UNREADABLE', `${path} cannot be read${detail}`, {}, { cause })
}
