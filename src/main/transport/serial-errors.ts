import { ConsoleError } from '../../shared/errors'

/** What the system or the driver says when a serial port cannot be opened, as one of our codes with a literal remedy. */
export function serialOpenError(error: Error, path: string): ConsoleError {
  const text = error.message
  const fail = (code: ConsoleError['code'], message: string, remedy?: string): ConsoleError =>
    new ConsoleError(code, message, { path, ...(remedy !== undefined && { remedy }) }, { cause: error })
  if (/no such file|file not found|no such device|cannot find/i.test(text)) {
    return fail('PORT_MISSING', `${path} does not exist: nothing is plugged in there`)
  }
  if (/permission denied|access denied|operation not permitted/i.test(text)) {
    return fail('PORT_DENIED', `${path} may not be opened by this user`, deniedRemedy(path))
  }
  if (/lock|busy|temporarily unavailable|in use/i.test(text)) {
    return fail('PORT_BUSY', `${path} is held by another program`, busyRemedy(path))
  }
  if (/inappropriate ioctl|not a (tty|typewriter)/i.test(text)) {
    return fail(
      'PORT_BAD_SETTING',
      `${path} is not a serial port`,
      'Choose a serial port, for example /dev/ttyUSB0.',
    )
  }
  if (/baud|parity|data ?bits|stop ?bits|invalid argument|setting/i.test(text)) {
    return fail('PORT_BAD_SETTING', `${path} refused the speed or the framing (${text})`)
  }
  return fail('PORT_MISSING', `${path} cannot be opened (${text})`)
}

export function deniedRemedy(path: string): string {
  if (process.platform === 'linux') {
    return `Give yourself access: sudo usermod -aG dialout "$USER", then log in again. For now only: sudo chmod a+rw ${path}`
  }
  return 'Allow this program to use the port, or start it with the rights it needs.'
}

const busyRemedy = (path: string): string =>
  process.platform === 'win32'
    ? `Close the program that uses ${path} (a terminal, an IDE), then connect again.`
    : `Find the program that holds it: fuser -v ${path}. Close it, then connect again.`
