import { asConsoleError, toWireError, type WireError } from '../../../shared/errors'
import {
  DEFAULT_DIALECT,
  type LinkAddress,
  MAX_DATAGRAM_BYTES,
  MAX_GAP_MS,
  MAX_HEARTBEAT_SECONDS,
  MIN_DATAGRAM_BYTES,
  parseLinkUrl,
  putPatience,
  secretLinkUrl,
} from '../../../shared/model/link-url'
import { formatResetRecipe, parseResetRecipe } from '../../../shared/model/reset-recipe'
import { checkedPassword, FieldError, hostName, portPath, probability, wholeNumber } from './form-checks'
import {
  EMPTY_FORM,
  type FormField,
  hasBroker,
  hasCompression,
  hasGap,
  hasHeartbeat,
  hasPassword,
  hasRates,
  hasResource,
  hasTls,
  isListener,
  isTcp,
  isUdp,
  type LinkForm,
} from './link-form'

export type LinkUrlResult =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly problem: WireError; readonly field: FormField | null }

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
  const isSocketd = form.dialect === 'socketd'
  switch (form.kind) {
    case 'serial':
      target = `serial:${portPath(form.path)}`
      query.set('baud', wholeNumber('baud', form.baud, 50, 12_000_000, 'Speed'))
      put('data', form.dataBits, '8')
      put('parity', form.parity, 'none')
      put('stop', form.stopBits, '1')
      put('flow', form.flow, 'none')
      put('dtr', form.dtr, 'leave')
      if (form.flow !== 'rtscts') put('rts', form.rts, 'leave') // there the driver moves RTS
      put('reset', recipe(form.reset), '')
      break
    case 'tcp':
      target = `tcp://${place('host', 'port', form, 1)}`
      break
    case 'tcp-listen':
      target = `tcp-listen://${place('listenHost', 'listenPort', form, 0)}`
      break
    case 'ws':
      // the path of Socket.D may have a query, which is no option of ours
      target = `ws://${place('wsHost', 'wsPort', form, 1)}${isSocketd ? '' : wsPath(form.wsPath)}`
      if (isSocketd) put('resource', resourceOf('wsPath', form.wsPath), '')
      break
    case 'ws-listen':
      target = `ws-listen://${place('wsListenHost', 'wsListenPort', form, 0)}`
      break
    case 'udp':
      target = `udp://${place('udpHost', 'udpPort', form, 1)}`
      break
    case 'udp-listen':
      target = `udp-listen://${place('udpListenHost', 'udpListenPort', form, 0)}`
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
  if (hasResource(form)) put('resource', resourceOf('resource', form.resource), '')
  if (hasBroker(form) && form.isBroker) query.set('broker', 'yes')
  if (isUdp(form.kind) && form.datagram.trim() !== '') {
    const { datagram } = form
    query.set(
      'datagram',
      wholeNumber('datagram', datagram, MIN_DATAGRAM_BYTES, MAX_DATAGRAM_BYTES, 'Datagram'),
    )
  }
  if (isTcp(form.kind) && form.isLossy) query.set('lossy', 'yes')
  if (hasGap(form) && form.gap.trim() !== '') {
    query.set('gap', wholeNumber('gap', form.gap, 1, MAX_GAP_MS, 'Idle gap'))
  }
  if (hasHeartbeat(form)) {
    if (hasCompression(form) && form.isCompressing) query.set('compress', 'yes')
    if (form.heartbeat.trim() !== '') {
      query.set('heartbeat', wholeNumber('heartbeat', form.heartbeat, 1, MAX_HEARTBEAT_SECONDS, 'Heartbeat'))
    }
  }
  if (hasRates(form)) {
    if (form.rate.trim() !== '') {
      query.set('rate', wholeNumber('rate', form.rate, 1, 1_000_000, 'Messages per second'))
    }
    if (form.byteRate.trim() !== '') {
      query.set('byterate', wholeNumber('byteRate', form.byteRate, 1, 1_000_000_000, 'Bytes per second'))
    }
  }
  if (hasTls(form.kind)) putTls(form, query)
  for (const [key, value] of new URLSearchParams(form.waits)) {
    if (key === 'peers' && !isListener(form.kind)) continue
    if (key === 'peer-idle' && form.kind !== 'udp-listen') continue
    query.set(key, value)
  }
  if (!form.isReconnecting) query.set('reconnect', 'no')
  if (form.isListenOnly) query.set('listen', 'only')
  if (hasPassword(form) && form.password !== '') query.set('password', checkedPassword(form.password))
  const options = query.toString()
  return options === '' ? target : `${target}?${options}`
}

type Place = 'host' | 'listenHost' | 'wsHost' | 'wsListenHost' | 'udpHost' | 'udpListenHost'
type Port = 'port' | 'listenPort' | 'wsPort' | 'wsListenPort' | 'udpPort' | 'udpListenPort'

const place = (host: Place, port: Port, form: LinkForm, leastPort: number): string =>
  `${hostName(host, form[host])}:${wholeNumber(port, form[port], leastPort, 65_535, 'Port')}`

function putTls({ kind, tls, ca, cert, key }: LinkForm, query: URLSearchParams): void {
  if (tls === 'no') return
  query.set('tls', isListener(kind) ? 'yes' : tls)
  if (!isListener(kind)) {
    if (ca.trim() !== '') query.set('ca', ca.trim())
    return
  }
  for (const [field, path] of [
    ['cert', cert],
    ['key', key],
  ] as const) {
    if (path.trim() === '') {
      throw new FieldError(
        field,
        `The ${field} file of TLS is missing.`,
        'Type the path of a PEM file on the computer that listens.',
      )
    }
    query.set(field, path.trim())
  }
}

/** The recipe in its normal form; an error in it belongs to its field. */
function recipe(text: string): string {
  if (text.trim() === '') return ''
  try {
    return formatResetRecipe(parseResetRecipe(text.replace(/\s/g, '')))
  } catch (error) {
    const { message, remedy } = toWireError(asConsoleError(error))
    throw new FieldError('reset', `${message.charAt(0).toUpperCase()}${message.slice(1)}.`, remedy)
  }
}

function wsPath(text: string): string {
  const path = text.trim()
  if (/[?#\s]/.test(path)) {
    throw new FieldError('wsPath', `Path "${path}" is not possible.`, 'Type the path only, e.g. /netcore.')
  }
  return path === '' || path.startsWith('/') ? path : `/${path}`
}

/** Path and query of Socket.D. */
function resourceOf(field: FormField, text: string): string {
  const resource = text.trim()
  if (/[#\s]/.test(resource)) {
    const remedy = 'Type path and query, e.g. /demo?u=a; what is special stands as % and two digits.'
    throw new FieldError(field, `"${resource}" is not possible.`, remedy)
  }
  return resource === '' || /^[/?]/.test(resource) ? resource : `/${resource}`
}

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
      gap: String(address.gapMs ?? ''),
      waits: waitsOf(address),
      heartbeat: String(address.heartbeatSeconds ?? ''),
      isCompressing: address.isCompressing ?? false,
      rate: String(address.rates?.messagesPerSecond ?? ''),
      byteRate: String(address.rates?.bytesPerSecond ?? ''),
      ...tlsOf(address),
      resource: address.resource ?? '',
      isBroker: address.isBroker ?? false,
      isReconnecting: address.isReconnecting ?? true,
      isListenOnly: address.isListenOnly ?? false,
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
          flow: address.flow ?? 'none',
          dtr: address.dtr ?? 'leave',
          rts: address.rts ?? 'leave',
          reset: formatResetRecipe(address.reset ?? []),
        }
      case 'tcp':
        return { ...shared, host: address.host, port: String(address.port) }
      case 'tcp-listen':
        return { ...shared, listenHost: address.host, listenPort: String(address.port) }
      case 'ws':
        return {
          ...shared,
          wsHost: address.host,
          wsPort: String(address.port),
          wsPath: address.resource ?? (address.path === '/' ? '' : address.path),
        }
      case 'ws-listen':
        return { ...shared, wsListenHost: address.host, wsListenPort: String(address.port) }
      case 'udp':
        return { ...shared, ...datagramOf(address), udpHost: address.host, udpPort: String(address.port) }
      case 'udp-listen':
        return {
          ...shared,
          ...datagramOf(address),
          udpListenHost: address.host,
          udpListenPort: String(address.port),
        }
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

/** What this card has no fields for. */
function waitsOf(address: LinkAddress): string {
  const query = new URLSearchParams()
  putPatience(address, (key, value, fallback) => {
    if (value !== fallback) query.set(key, String(value))
  })
  return query.toString()
}

const datagramOf = ({ datagramBytes }: { readonly datagramBytes?: number }): Pick<LinkForm, 'datagram'> => ({
  datagram: String(datagramBytes ?? ''),
})

function tlsOf(address: LinkAddress): Pick<LinkForm, 'tls' | 'ca' | 'cert' | 'key'> {
  const settings = 'tls' in address ? address.tls : undefined
  const { isVerified = true, ca = '', cert = '', key = '' } = settings ?? {}
  return { tls: settings === undefined ? 'no' : isVerified ? 'yes' : 'unverified', ca, cert, key }
}
