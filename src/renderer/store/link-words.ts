import type { LinkAddress } from '../../shared/model/link-url'
import { parseLinkUrl } from '../../shared/model/link-url'
import type { LinkStatus } from '../../shared/model/views'
import { groupDigits } from '../ui/format'
import type { IconName } from '../ui/icons'
import { texts } from '../ui/texts'

/** How links are named on screen. */

const dialectName = (dialect: string): string => texts.dialect[dialect] ?? dialect

function place(address: LinkAddress): string {
  switch (address.scheme) {
    case 'serial': {
      const { dataBits, parity, stopBits } = address.framing
      return `${groupDigits(address.baud)} ${dataBits}${parity.charAt(0).toUpperCase()}${stopBits}`
    }
    case 'sim':
      return `${groupDigits(address.baud)} baud, simulated`
    case 'tcp':
      return `${address.host}:${address.port}`
    case 'tcp-listen':
      return `on ${address.host}:${address.port}`
  }
}

/** The title of a link in two parts: its name, and its settings with the protocol in words. */
export function linkWords({ title, scheme, dialect }: Pick<LinkStatus, 'title' | 'scheme' | 'dialect'>): {
  readonly name: string
  readonly settings: string
} {
  const [name = title, ...settings] = title.split(' · ')
  if (scheme === 'sim') settings.push(texts.link.simulated)
  return {
    name,
    settings: [...settings.filter((part) => part !== dialect), dialectName(dialect)].join(' · '),
  }
}

/** `115 200 8N1 · Netcore`; the address itself when it is of a kind this version does not know. */
export function describeUrl(url: string): string {
  try {
    const address = parseLinkUrl(url)
    return `${place(address)} · ${dialectName(address.dialect)}`
  } catch {
    return url
  }
}

export function iconOfUrl(url: string): IconName {
  if (url.startsWith('serial:')) return 'chip'
  return url.startsWith('sim:') ? 'flask' : 'net'
}

export type LinkTone = 'ok' | 'warn' | 'err' | 'ring'

export function toneOf(link: LinkStatus | undefined): LinkTone {
  if (link === undefined) return 'ring'
  switch (link.phase) {
    case 'connected':
    case 'listening':
      return 'ok'
    case 'idle':
    case 'closed':
      return link.problem === null ? 'ring' : 'err'
    default:
      return 'warn'
  }
}
