import { resolve } from 'node:path'
import { ConsoleError } from '../../shared/errors'
import type { Profile } from '../../shared/model/views'
import { profilesDir, readProfiles } from '../workspace/profile-folder'
import { profilesNamed } from '../workspace/profile-text'
import { defaultWorkspaceDir } from '../workspace/workspace-dir'
import type { CliIo } from './cli-io'

export const WORKSPACE_VARIABLE = 'NETCORE_WORKSPACE'

/** The folder whose profiles are meant: that of the environment, else that of the person. */
export const workspaceOf = (io: CliIo): string => {
  const named = io.env[WORKSPACE_VARIABLE] ?? ''
  return named === '' ? defaultWorkspaceDir() : resolve(named)
}

/**
 * Turns `@name` (or a mere name of a profile, or a pattern such as `@bench-*`) into the address that the profile holds.
 * Addresses pass as they are.
 *
 * @throws ConsoleError `PROFILE_UNKNOWN` (none matches `@…`, or several do), `PROFILE_INVALID`, or what is wrong with its
 *   address.
 */
export function addressOf(text: string, workspaceDir: string): string {
  const isMarked = text.startsWith('@')
  if (!isMarked && /^\s*[a-z][a-z-]*:/i.test(text)) return text
  const wanted = isMarked ? text.slice(1) : text
  const profiles = readProfiles(profilesDir(workspaceDir))
  const [found, ...more] = profilesNamed(profiles, wanted)
  if (found === undefined) {
    // Something that is neither is more likely a mistyped address: that error says what an address looks like.
    if (!isMarked) return text
    throw new ConsoleError('PROFILE_UNKNOWN', `there is no profile "${wanted}"`, { remedy: known(profiles) })
  }
  if (more.length > 0) {
    const remedy = `Say which one: ${[found, ...more].map(({ name }) => `@${name}`).join(', ')}.`
    throw new ConsoleError('PROFILE_UNKNOWN', `${more.length + 1} profiles match "${wanted}"`, { remedy })
  }
  if (found.problem !== null) {
    const { code, message, remedy } = found.problem
    throw new ConsoleError(code, `${found.file}: ${message}`, { remedy })
  }
  return found.url
}

const known = (profiles: readonly Profile[]): string =>
  profiles.length === 0
    ? 'No profile is saved yet: save one where you connect, or write a file (docs/profiles.md).'
    : `Known profiles: ${profiles.map(({ name }) => `@${name}`).join(', ')}.`
