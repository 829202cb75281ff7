import { ConsoleError } from '../../../shared/errors'
import { MAX_PASSWORD_LENGTH } from '../../../shared/model/link-url'
import type { FormField } from './link-form'

/** Something typed is not possible: which field it is, and what to do. */
export class FieldError extends ConsoleError {
  readonly field: FormField
  constructor(field: FormField, message: string, remedy: string) {
    super('URL_BAD_OPTION', message, { remedy })
    this.field = field
  }
}

export function portPath(text: string): string {
  const path = text.trim()
  if (path === '') {
    throw new FieldError(
      'path',
      'No port is chosen.',
      'Choose one of the list, or type its path, e.g. /dev/ttyUSB0 or COM3.',
    )
  }
  const strange = /[?#]/.exec(path)
  if (strange !== null) {
    throw new FieldError(
      'path',
      `A port path cannot contain "${strange[0]}".`,
      'Type the path only; the speed has its own field.',
    )
  }
  return path
}

/** Blanks between digits are how people write large numbers. */
export function wholeNumber(field: FormField, text: string, min: number, max: number, label: string): string {
  const digits = text.replace(/[\s_]/g, '')
  const value = Number(digits)
  if (!/^\d+$/.test(digits) || value < min || value > max) {
    const shown = text.trim() === '' ? 'is empty' : `"${text.trim()}" is not possible`
    throw new FieldError(field, `${label} ${shown}.`, `Type a whole number from ${min} to ${max}.`)
  }
  return String(value)
}

export function probability(field: FormField, text: string, label: string): string {
  const trimmed = text.trim() === '' ? '0' : text.trim()
  const value = Number(trimmed)
  if (!(value >= 0 && value <= 1)) {
    throw new FieldError(
      field,
      `${label} "${trimmed}" is not possible.`,
      'Type a probability per byte from 0 to 1, e.g. 1e-5.',
    )
  }
  return value === 0 ? '0' : trimmed
}

export function hostName(field: FormField, text: string): string {
  const host = text.trim().replace(/^\[|\]$/g, '')
  if (host === '' || /[\s/?#]/.test(host)) {
    const shown = host === '' ? 'is empty' : `"${host}" is not possible`
    throw new FieldError(field, `Host ${shown}.`, 'Type a name or an address, e.g. 127.0.0.1 or rig-3.local.')
  }
  return host.includes(':') ? `[${host}]` : host
}

/** As it is: blanks at its ends belong to it. */
export function checkedPassword(password: string): string {
  if (password.length <= MAX_PASSWORD_LENGTH) return password
  throw new FieldError(
    'password',
    `The password has ${password.length} characters.`,
    `${MAX_PASSWORD_LENGTH} characters are possible.`,
  )
}
