import type { LineFraming } from '../../shared/model/line-rate'
import { DEFAULT_DIALECT, type LinkAddress, parseLinkUrl } from '../../shared/model/link-url'

/** A link in words for people: what it leads to, then its settings: `demo · 115 200 8N1`, `10.0.0.7:4242 · TCP`. */
export function linkTitle(address: LinkAddress): string {
  const parts = [address.name ?? target(address), settings(address)]
  if (address.dialect !== DEFAULT_DIALECT) parts.push(address.dialect)
  return parts.join(' · ')
}

/** What filters say of a link: its name, how it is reached, and its dialect. */
export const linkWords = (
  address: LinkAddress | undefined,
): { readonly name: string; readonly kind: string; readonly proto: string } | undefined =>
  address && { name: address.name ?? target(address), kind: address.scheme, proto: address.dialect }

/** What an address that was recorded says: a device and a protocol; nothing where it makes no sense any more. */
export function describeLink(url: string): { readonly device: string; readonly protocol: string } {
  try {
    const { name, proto } = linkWords(parseLinkUrl(url)) ?? { name: '', proto: '' }
    return { device: name, protocol: proto }
  } catch {
    return { device: '', protocol: '' }
  }
}

function target(address: LinkAddress): string {
  switch (address.scheme) {
    case 'serial':
      return address.path.replace(/^\/dev\//, '')
    case 'sim':
      return address.device
    default:
      return address.host.includes(':')
        ? `[${address.host}]:${address.port}`
        : `${address.host}:${address.port}`
  }
}

function settings(address: LinkAddress): string {
  switch (address.scheme) {
    case 'serial':
      return `${grouped(address.baud)} ${framing(address.framing)}`
    case 'sim':
      return `${grouped(address.baud)} 8N1`
    case 'tcp':
      return 'TCP'
    case 'tcp-listen':
      return 'TCP server'
    case 'ws':
      return 'WebSocket'
    case 'ws-listen':
      return 'WebSocket server'
    case 'udp':
      return 'UDP'
    case 'udp-listen':
      return 'UDP server'
  }
}

const grouped = (baud: number): string => String(baud).replace(/\B(?=(\d{3})+$)/g, ' ')

const framing = ({ dataBits, parity, stopBits }: LineFraming): string =>
  `${dataBits}${parity[0]!.toUpperCase()}${stopBits}`
