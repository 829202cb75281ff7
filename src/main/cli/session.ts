import { randomInt } from 'node:crypto'
import type { TraceObserver } from '../../shared/model/trace'
import { FileStore } from '../link/bodies/file-store'
import type { Link } from '../link/link'
import { Links } from '../link/links'
import { PortWatch } from '../link/port-watch'
import { transportFor } from '../simulator/transport-for'
import { listSerialPorts } from '../transport/serial-ports'
import { SystemClock } from '../transport/system-clock'

export interface SessionOptions {
  readonly onTrace?: TraceObserver
  readonly onLink?: (link: Link) => void
  /** Open again after a loss. */
  readonly isReconnecting?: boolean
  readonly answersErrors?: boolean
}

/** The links of one run of the command line, with the real clock, unpredictable ids, and files for large bodies. */
export const createSession = (options: SessionOptions = {}): Links => new Session(options)

class Session extends Links {
  readonly #store: FileStore

  constructor({ isReconnecting = false, ...rest }: SessionOptions) {
    const clock = new SystemClock()
    const store = new FileStore()
    super({
      clock,
      random: randomInt,
      directory: new PortWatch({ clock, list: listSerialPorts }),
      transportFor: (address) => transportFor(address, clock),
      reconnect: { isOn: isReconnecting },
      store,
      ...rest,
    })
    this.#store = store
  }

  override async closeAll(): Promise<void> {
    await super.closeAll()
    this.#store.close()
  }
}
