import { type LinkAddress, MAX_PASSWORD_LENGTH, parseLinkUrl } from '../../shared/model/link-url'
import { usageError } from './arguments'
import type { CliIo } from './cli-io'
import { addressOf, workspaceOf } from './profile-argument'

export const PASSWORD_VARIABLE = 'NETCORE_PASSWORD'

/**
 * The address that was typed, or that of the profile which was named (`@bench-a`). Without a password in it, the one in the
 * environment holds: arguments of a process can be read by everybody on the computer.
 *
 * @throws ConsoleError like `parseLinkUrl` and `addressOf`; `OPTION_INVALID` when the variable is too long.
 */
export function readLinkAddress(text: string, io: CliIo): LinkAddress {
  const address = parseLinkUrl(addressOf(text, workspaceOf(io)))
  const password = io.env[PASSWORD_VARIABLE] ?? ''
  if (address.password !== undefined || password === '') return address
  if (password.length > MAX_PASSWORD_LENGTH) {
    throw usageError(
      `${PASSWORD_VARIABLE} has ${password.length} characters, ${MAX_PASSWORD_LENGTH} are allowed`,
    )
  }
  return { ...address, password }
}
