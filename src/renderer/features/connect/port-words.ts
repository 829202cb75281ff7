import type { PortInfo, PortProblem } from '../../../shared/model/views'
import { formatAgo } from '../../ui/format'
import { revealLine } from '../../ui/visible-text'
import { texts as t } from './texts'

/** So long a port is new: the person who just plugged it in means it. */
const NEW_MS = 60_000

/** What tells this port from its neighbours, most telling first: `/dev/ttyACM0 · 0483:374e · serial 066DFF · cdc_acm`. */
export function portFacts(port: PortInfo): string {
  const hasIds = port.vendorId !== '' || port.productId !== ''
  const facts = [
    port.path === port.title ? '' : port.path,
    hasIds ? `${port.vendorId}:${port.productId}` : '',
    port.serialNumber === '' ? '' : t.serialNumber(port.serialNumber),
    port.interfaceName === '' ? '' : interfaceWords(port.interfaceName),
    port.driver,
    port.manufacturer === '' || port.title.includes(port.manufacturer) ? '' : port.manufacturer,
  ]
  return revealLine(facts.filter((fact) => fact !== '').join(' · ')) || t.noDetails
}

const interfaceWords = (name: string): string => (/^\d+$/.test(name) ? t.interfaceNumber(name) : name)

export interface PortAge {
  readonly isNew: boolean
  /** `12 s ago`, `used 2 h ago`; empty when nothing is known. */
  readonly text: string
}

/**
 * @param sessionNowMs - Session time, for ports that showed up while somebody watched.
 * @param wallNowMs - Milliseconds since 1970, for those that were used before.
 */
export function portAge(
  { appearedMs, lastUsedIso }: Pick<PortInfo, 'appearedMs' | 'lastUsedIso'>,
  sessionNowMs: number,
  wallNowMs: number,
): PortAge {
  if (appearedMs !== null) {
    const ageMs = Math.max(0, sessionNowMs - appearedMs)
    const seconds = Math.floor(ageMs / 1000)
    const text = seconds === 0 ? t.justNow : t.ago(`${seconds}\u00a0s`)
    if (ageMs < NEW_MS) return { isNew: true, text }
  }
  if (lastUsedIso !== null)
    return { isNew: false, text: t.used(formatAgo(Date.parse(lastUsedIso), wallNowMs)) }
  return { isNew: false, text: '' }
}

/** Why a port cannot be used, short: who has it, or who may. The remedy stands elsewhere. */
export function portTrouble({ problem }: PortInfo): string {
  if (problem === null) return ''
  switch (problem.code) {
    case 'PORT_BUSY':
      return problem.holder === null ? t.busy : t.busyBy(revealLine(problem.holder.name), problem.holder.pid)
    case 'PORT_DENIED':
      return problem.group === '' ? t.denied : t.deniedGroup(problem.group)
    case 'PORT_MISSING':
      return t.missing
    default:
      return problem.message
  }
}

/**
 * The port that is meant while nobody chose one: the newest that showed up, else the one of last time, else the one used
 * last, else the first; of those that can be used. `kept` when there is none: a path that is not there can still be meant.
 */
export function presumedPort(ports: readonly PortInfo[], kept: string): string {
  const free = ports.filter(({ problem }) => problem === null)
  const newest = free
    .filter(({ appearedMs }) => appearedMs !== null)
    .toSorted((a, b) => b.appearedMs! - a.appearedMs!)[0]
  if (newest !== undefined) return newest.path
  if (kept !== '' && (free.length === 0 || ports.some(({ path }) => path === kept))) return kept
  const used = free
    .filter(({ lastUsedIso }) => lastUsedIso !== null)
    .toSorted((a, b) => b.lastUsedIso!.localeCompare(a.lastUsedIso!))[0]
  return (used ?? free[0] ?? ports[0])?.path ?? kept
}

/** The remedy without the command at its end, which is shown on its own to be copied. */
export function remedyWords({ remedy, command }: PortProblem): string {
  return command !== '' && remedy.endsWith(command) ? remedy.slice(0, -command.length).trim() : remedy
}
