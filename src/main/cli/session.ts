import { randomInt } from 'node:crypto'
import type { TraceObserver } from '../../shared/model/trace'
import type { Link } from '../link/link'
import { Links } from '../link/links'
import { transportFor } from '../simulator/transport-for'
import { SystemClock } from '../transport/system-clock'

export interface SessionOptions {
  readonly onTrace?: TraceObserver
  readonly onLink?: (link: Link) => void
  /** Open again after a loss. */
  readonly isReconnecting?: boolean
  readonly answersErrors?: boolean
}

/** The links of one run of the command line, with the real clock and unpredictable ids. */
export function createSession(options: SessionOptions = {}): Links {
  const clock = new SystemClock()
  const { isReconnecting = false, ...rest } = options
  return new Links({
    clock,
    random: randomInt,
    transportFor: (address) => transportFor(address, clock),
    reconnect: { isOn: isReconnecting },
    ...rest,
  })
}
