import { DEFAULT_PRIORITY, type Priority } from '../../../../../shared/model/trace'

/** One byte each. A number is never given to another name within a session, since a repeat may still use it. */
const MAX_OWN_ALIASES = 128
/** Routes remembered as used once, before they are worth an alias. */
const MAX_KNOWN_ROUTES = 512
const MAX_PEER_ALIASES = 1_024
/** A longer name is sent as it is each time. */
export const MAX_ALIAS_NAME_BYTES = 255

/** Type, number, alias and priority before the name, and an ACK that may ride in front. */
export const ALIAS_FIELD_BYTES = 2 + 2 + 1 + 12

/** A route of ours. */
export interface OwnRoute {
  readonly name: string
  uses: number
  /** −1: none. */
  alias: number
  /** Priority of messages that say none; that of the message which was first. */
  readonly priority: Priority
  /** The peer has it: from now on the alias may be used. */
  isSettled: boolean
}

/** Short words for the routes of our messages. A route gets one when it is used again, on its first use it goes by name. */
export class OwnAliases {
  readonly #byName = new Map<string, OwnRoute>()
  #nextAlias = 0

  clear(): void {
    this.#byName.clear()
    this.#nextAlias = 0
  }

  /** Notes that a message uses this route. Undefined: it always goes by name. */
  use(name: string, priority: Priority): OwnRoute | undefined {
    let route = this.#byName.get(name)
    if (route === undefined) {
      if (this.#byName.size >= MAX_KNOWN_ROUTES || name.length > MAX_ALIAS_NAME_BYTES) return undefined
      route = { name, uses: 0, alias: -1, priority, isSettled: false }
      this.#byName.set(name, route)
    }
    route.uses += 1
    return route
  }

  find(name: string): OwnRoute | undefined {
    return this.#byName.get(name)
  }

  /** Gives it a number. False: there is none left, or it has one. */
  declare(route: OwnRoute): boolean {
    if (route.alias >= 0 || this.#nextAlias >= MAX_OWN_ALIASES) return false
    route.alias = this.#nextAlias++
    return true
  }
}

/** What the peer calls its routes. */
export class PeerAliases {
  readonly #byAlias = new Map<number, { readonly name: string; readonly priority: Priority }>()

  clear(): void {
    this.#byAlias.clear()
  }

  /** False when there are too many: a message that uses it will fail. */
  declare(alias: number, name: string, priority: Priority): boolean {
    if (!this.#byAlias.has(alias) && this.#byAlias.size >= MAX_PEER_ALIASES) return false
    this.#byAlias.set(alias, { name, priority })
    return true
  }

  find(alias: number): { readonly name: string; readonly priority: Priority } | undefined {
    return this.#byAlias.get(alias)
  }
}

/** Priority of messages that go by name and say none. */
export const NAMED_PRIORITY: Priority = DEFAULT_PRIORITY
