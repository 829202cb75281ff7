import { readFile, stat } from 'node:fs/promises'
import { ConsoleError, type ErrorCode } from '../../shared/errors'
import { findPortHolder } from './port-holder'

/** The drivers report text only. First match wins; texts of Linux and macOS (strerror) and of Windows. */
const CAUSES: readonly (readonly [pattern: RegExp, code: ErrorCode, words: string])[] = [
  [/cannot lock port|resource busy|device or resource busy/i, 'PORT_BUSY', 'is in use'],
  // Windows says so when another program has the port open; it has no rights on ports.
  [/access denied/i, 'PORT_BUSY', 'is in use'],
  [/permission denied|operation not permitted/i, 'PORT_DENIED', 'may not be opened by you'],
  [/no such file or directory|file not found/i, 'PORT_MISSING', 'does not exist'],
  [/no such device|input\/output error|\bEIO\b/i, 'PORT_MISSING', 'has no device behind it'],
  [
    /inappropriate ioctl|not a typewriter|is a directory|not supported by device/i,
    'PORT_MISSING',
    'is not a serial port',
  ],
]

/** The code of an open failure, from the text of the driver, and what it says about the port. */
export function classifyOpenFailure(text: string): { readonly code: ErrorCode; readonly words: string } {
  for (const [pattern, code, words] of CAUSES) if (pattern.test(text)) return { code, words }
  return { code: 'PORT_BAD_SETTING', words: 'refused its settings' }
}

/** Finds out what a person needs to know about a port that did not open: the cause, who is to blame, the command. */
export async function serialOpenError(path: string, settings: string, cause: Error): Promise<ConsoleError> {
  const { code, words } = classifyOpenFailure(cause.message)
  const details = { path, cause: cause.message }
  const fail = (message: string, remedy: string): ConsoleError =>
    new ConsoleError(code, message, { ...details, remedy }, { cause })
  switch (code) {
    case 'PORT_BUSY': {
      const holder = await findPortHolder(path)
      if (holder === undefined) {
        return fail(
          `${path} ${words} by another program`,
          `Close the program that holds ${path}, then connect again.${showHolder(path)}`,
        )
      }
      const isOurs = holder.pid === process.pid
      return fail(
        `${path} ${words} by ${isOurs ? 'this program' : `${holder.name} (process ${holder.pid})`}`,
        isOurs
          ? `Disconnect the other link to ${path} first.`
          : `Close ${holder.name}, or end it: kill ${holder.pid}`,
      )
    }
    case 'PORT_DENIED':
      return fail(`${path} ${words}`, await accessRemedy(path))
    case 'PORT_MISSING':
      return fail(
        `${path} ${words}`,
        `Plug the device in and look for its name with: netcore ports (you asked for ${path})`,
      )
    default:
      return fail(
        `${path} ${words} (${settings}): ${cause.message}`,
        `Try a speed and a framing that the adapter knows: serial:${path}?baud=115200`,
      )
  }
}

const showHolder = (path: string): string =>
  process.platform === 'win32' ? '' : ` To see it: sudo fuser -v ${shellWord(path)}`

/** How a person gets access to a port: the group that owns it, if its members have access, and the command. */
export async function accessHelp(
  path: string,
): Promise<{ readonly group: string; readonly command: string }> {
  const owner = await stat(path).catch(() => undefined)
  const group = owner && (await groupName(owner.gid))
  const mayGroup = owner !== undefined && (owner.mode & 0o060) === 0o060
  if (group !== undefined && group !== 'root' && mayGroup) {
    return { group, command: `sudo usermod -aG ${group} $USER` }
  }
  return { group: '', command: `sudo chmod a+rw ${shellWord(path)}` }
}

/** The same in words. */
export async function accessRemedy(path: string): Promise<string> {
  const { group, command } = await accessHelp(path)
  return group === ''
    ? `Allow access to ${path}: ${command}`
    : `Join the group that may use ${path}: ${command}, then log in again.`
}

async function groupName(gid: number): Promise<string | undefined> {
  const groups = await readFile('/etc/group', 'utf8').catch(() => '')
  for (const line of groups.split('\n')) {
    const [name, , id] = line.split(':')
    if (id === String(gid)) return name
  }
  return undefined
}

const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
