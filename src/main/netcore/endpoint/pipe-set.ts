import { ConsoleError } from '../../../shared/errors'
import type { RequestServer } from '../stack-types'
import type { EndpointPipe } from './endpoint-types'

/** Something of ours that waits for the peer behind a pipe. */
export interface OpenCall {
  /** The wait is over without an answer. Harmless when it is over already. */
  fail(error: ConsoleError): void
}

/** A pipe under the name it has here, with what waits on it. */
export interface NamedPipe {
  readonly name: string
  readonly pipe: EndpointPipe
  readonly calls: Set<OpenCall>
}

const NOBODY: RequestServer = { serve: () => false }

/** The pipes of an endpoint: what happens to one of them leaves the others alone. */
export class PipeSet {
  readonly #pipes = new Map<string, NamedPipe>()
  #drawn = 0

  get names(): readonly string[] {
    return [...this.#pipes.keys()]
  }

  /**
   * @param serverFor - Makes what serves the requests that come on it.
   * @returns its name: the one given, or `pipe-1`, `pipe-2`, …
   * @throws ConsoleError `PIPE_NAME_TAKEN`.
   */
  add(pipe: EndpointPipe, name: string | undefined, serverFor: (name: string) => RequestServer): string {
    const ownName = name ?? this.#drawName()
    if (this.#pipes.has(ownName))
      throw new ConsoleError('PIPE_NAME_TAKEN', `there is a pipe "${ownName}" already`)
    this.#pipes.set(ownName, { name: ownName, pipe, calls: new Set() })
    pipe.serveWith(serverFor(ownName))
    return ownName
  }

  /** What waits on it fails with `PIPE_REMOVED`, what comes on it is not served any more. False when there is none. */
  remove(name: string): boolean {
    const removed = this.#pipes.get(name)
    if (removed === undefined) return false
    this.#pipes.delete(name)
    removed.pipe.serveWith(NOBODY)
    failAll(removed, new ConsoleError('PIPE_REMOVED', `the pipe "${name}" was removed`))
    return true
  }

  get(name: string): NamedPipe | undefined {
    return this.#pipes.get(name)
  }

  /**
   * The pipe of that name; without a name the first one added that is connected, else the first one added.
   *
   * @throws ConsoleError `PIPE_UNKNOWN`.
   */
  choose(name: string | undefined): NamedPipe {
    let chosen: NamedPipe | undefined
    if (name !== undefined) chosen = this.#pipes.get(name)
    else {
      for (const candidate of this.#pipes.values()) {
        if (candidate.pipe.isConnected) return candidate
        chosen ??= candidate
      }
    }
    if (chosen !== undefined) return chosen
    const message = name === undefined ? 'the endpoint has no pipe' : `the endpoint has no pipe "${name}"`
    throw new ConsoleError('PIPE_UNKNOWN', message, { known: this.names })
  }

  /** Everything that waits fails. */
  failAll(error: ConsoleError): void {
    for (const pipe of this.#pipes.values()) failAll(pipe, error)
  }

  #drawName(): string {
    for (;;) {
      this.#drawn += 1
      const name = `pipe-${this.#drawn}`
      if (!this.#pipes.has(name)) return name
    }
  }
}

function failAll({ calls }: NamedPipe, error: ConsoleError): void {
  for (const call of [...calls]) call.fail(error)
}
