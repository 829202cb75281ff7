import { asConsoleError, ConsoleError, toWireError, type WireError } from '../../../shared/errors'
import type { LineFraming } from '../../../shared/model/line-rate'
import {
  DEFAULT_BAUD,
  DEFAULT_DIALECT,
  MAX_PASSWORD_LENGTH,
  parseLinkUrl,
  secretLinkUrl,
} from '../../../shared/model/link-url'

export type LinkKind = 'serial' | 'tcp' | 'tcp-listen' | 'sim'
export type FormField =
  | 'path'
  | 'baud'
  | 'host'
  | 'port'
  | 'listenHost'
  | 'listenPort'
  | 'device'
  | 'chunk'
  | 'seed'
  | 'flip'
  | 'drop'
  | 'password'

/** The connection card as typed. Every tab keeps its own fields, so that changing tabs loses nothing. */
export interface LinkForm {
  readonly kind: LinkKind
  readonly dialect: string
  readonly path: string
  readonly baud: string
  readonly dataBits: string
  readonly parity: LineFraming['parity']
  readonly stopBits: string
  readonly host: string
  readonly port: string
  readonly listenHost: string
  readonly listenPort: string
  readonly device: string
  readonly simBaud: string
  readonly seed: string
  readonly flip: string
  readonly drop: string
  readonly chunk: string
  /** Only what is typed in this card: it comes back from nowhere. */
  readonly password: string
  /** TCP: what is behind the address can damage bytes. */
  readonly isLossy: boolean
}

export const EMPTY_FORM: LinkForm = {
  kind: 'serial',
  dialect: DEFAULT_DIALECT,
  path: '',
  baud: String(DEFAULT_BAUD),
  dataBits: '8',
  parity: 'none',
  stopBits: '1',
  host: '127.0.0.1',
  port: '',
  listenHost: '127.0.0.1',
  listenPort: '0',
  device: 'demo',
  simBaud: String(DEFAULT_BAUD),
  seed: '1',
  flip: '0',
  drop: '0',
  chunk: '',
  password: '',
  isLossy: false,
}

export const COMMON_BAUDS: readonly string[] = [
  '9600',
  '19200',
  '38400',
  '57600',
  '115200',
  '230400',
  '460800',
  '921600',
  '1000000',
  '2000000',
  '3000000',
]

export type LinkUrlResult =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly problem: WireError; readonly field: FormField | null }

class FieldError extends ConsoleError {
  readonly field: FormField
  constructor(field: FormField, message: string, remedy: string) {
    super('URL_BAD_OPTION', message, { remedy })
    this.field = field
  }
}

/** The link address a filled form stands for, in normal form with its password; or which field is wrong and what to do. */
export function linkUrlOf(form: LinkForm): LinkUrlResult {
  try {
    return { ok: true, url: secretLinkUrl(parseLinkUrl(draftUrl(form))) }
  } catch (error) {
    const field = error instanceof FieldError ? error.field : null
    return { ok: false, problem: toWireError(asConsoleError(error)), field }
  }
}

function draftUrl(form: LinkForm): string {
  const query = new URLSearchParams()
  const put = (key: string, value: string, fallback: string): void => {
    if (value.trim() !== '' && value !== fallback) query.set(key, value.trim())
  }
  let target: string
  switch (form.kind) {
    case 'serial': {
      const path = form.path.trim()
      if (path === '') {
        throw new FieldError(
          'path',
          'No port is chosen.',
          'Choose one of the list, or type its path, e.g. /dev/ttyUSB0 or COM3.',
        )
      }
      if (/[?#]/.test(path)) {
        throw new FieldError(
          'path',
          `A port path cannot contain "${/[?#]/.exec(path)![0]}".`,
          'Type the path only; the speed has its own field.',
        )
      }
      target = `serial:${path}`
      query.set('baud', wholeNumber('baud', form.baud, 50, 12_000_000, 'Speed'))
      put('data', form.dataBits, '8')
      put('parity', form.parity, 'none')
      put('stop', form.stopBits, '1')
      break
    }
    case 'tcp':
      target = `tcp://${hostOf('host', form.host)}:${wholeNumber('port', form.port, 1, 65_535, 'Port')}`
      break
    case 'tcp-listen':
      target = `tcp-listen://${hostOf('listenHost', form.listenHost)}:${wholeNumber('listenPort', form.listenPort, 0, 65_535, 'Port')}`
      break
    case 'sim':
      target = `sim:${form.device.trim()}`
      query.set('baud', wholeNumber('baud', form.simBaud, 50, 100_000_000, 'Speed'))
      put('seed', wholeNumber('seed', form.seed, 0, 0xffff_ffff, 'Seed'), '1')
      put('flip', probability('flip', form.flip, 'Bit flips'), '0')
      put('drop', probability('drop', form.drop, 'Lost bytes'), '0')
  }
  put('dialect', form.dialect, DEFAULT_DIALECT)
  if (form.chunk.trim() !== '') query.set('chunk', wholeNumber('chunk', form.chunk, 1, 1 << 20, 'Chunk size'))
  if (isTcp(form.kind) && form.isLossy) query.set('lossy', 'yes')
  if (hasPassword(form) && form.password !== '') query.set('password', passwordOf(form))
  const options = query.toString()
  return options === '' ? target : `${target}?${options}`
}

export const isTcp = (kind: LinkKind): boolean => kind === 'tcp' || kind === 'tcp-listen'

/** The protocol knows passwords. */
export const hasPassword = ({ dialect }: Pick<LinkForm, 'dialect'>): boolean => dialect === 'native'

/** As it is: blanks at its ends belong to it. */
function passwordOf({ password }: LinkForm): string {
  if (password.length <= MAX_PASSWORD_LENGTH) return password
  throw new FieldError(
    'password',
    `The password has ${password.length} characters.`,
    `${MAX_PASSWORD_LENGTH} characters are possible.`,
  )
}

/** Blanks between digits are how people write large numbers. */
function wholeNumber(field: FormField, text: string, min: number, max: number, label: string): string {
  const digits = text.replace(/[\s_]/g, '')
  const value = Number(digits)
  if (!/^\d+$/.test(digits) || value < min || value > max) {
    const shown = text.trim() === '' ? 'is empty' : `"${text.trim()}" is not possible`
    throw new FieldError(field, `${label} ${shown}.`, `Type a whole number from ${min} to ${max}.`)
  }
  return String(value)
}

function probability(field: FormField, text: string, label: string): string {
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

function hostOf(field: FormField, text: string): string {
  const host = text.trim().replace(/^\[|\]$/g, '')
  if (host === '' || /[\s/?#]/.test(host)) {
    const shown = host === '' ? 'is empty' : `"${host}" is not possible`
    throw new FieldError(field, `Host ${shown}.`, 'Type a name or an address, e.g. 127.0.0.1 or rig-3.local.')
  }
  return host.includes(':') ? `[${host}]` : host
}

/** `8N1`: data bits, first letter of the parity, stop bits. */
export const framingText = (framing: {
  dataBits: string | number
  parity: string
  stopBits: string | number
}): string => `${framing.dataBits}${framing.parity.charAt(0).toUpperCase()}${framing.stopBits}`

/** A form filled like this address but for its password, so that a recent link can be changed before it is opened again. */
export function formOf(url: string): LinkForm | undefined {
  try {
    const address = parseLinkUrl(url)
    const shared = {
      ...EMPTY_FORM,
      kind: address.scheme,
      dialect: address.dialect,
      chunk: String(address.chunkBytes ?? ''),
      isLossy: address.isLossy ?? false,
    }
    switch (address.scheme) {
      case 'serial':
        return {
          ...shared,
          path: address.path,
          baud: String(address.baud),
          dataBits: String(address.framing.dataBits),
          parity: address.framing.parity,
          stopBits: String(address.framing.stopBits),
        }
      case 'tcp':
        return { ...shared, host: address.host, port: String(address.port) }
      case 'tcp-listen':
        return { ...shared, listenHost: address.host, listenPort: String(address.port) }
      case 'sim':
        return {
          ...shared,
          device: address.device,
          simBaud: String(address.baud),
          seed: String(address.faults.seed),
          flip: String(address.faults.flip),
          drop: String(address.faults.drop),
        }
    }
  } catch {
    return undefined // an address this version does not know stays in the list but cannot fill the form
  }
}
