import { utf8 } from '../../../shared/bytes'
import type { BrokerTarget } from './broker-target'

/** Sessions by the names they gave themselves. Several may have the same one. */
export class NamedSessions<Session> {
  /** In the order in which they came. */
  readonly #byName = new Map<string, Session[]>()
  /** How often one of that name was chosen in turn. */
  readonly #turns = new Map<string, number>()

  add(name: string, session: Session): void {
    const others = this.#byName.get(name)
    if (others === undefined) this.#byName.set(name, [session])
    else if (!others.includes(session)) others.push(session)
  }

  remove(name: string, session: Session): void {
    const left = (this.#byName.get(name) ?? []).filter((other) => other !== session)
    if (left.length > 0) this.#byName.set(name, left)
    else {
      this.#byName.delete(name)
      this.#turns.delete(name)
    }
  }

  /**
   * Who is meant.
   *
   * @param sender - Left out where more than one is meant.
   * @param hashed - What decides among those of a name, for `by-hash`.
   */
  choose(target: BrokerTarget, sender: Session, hashed: string): readonly Session[] {
    const isOther = (session: Session): boolean => session !== sender
    if (target.kind === 'everybody') return [...this.#byName.values()].flat().filter(isOther)
    const { kind, name } = target
    const named = this.#byName.get(name) ?? []
    if (kind === 'all') return named.filter(isOther)
    if (named.length === 0) return []
    if (kind === 'by-hash') return [named[hashOf(hashed) % named.length]!]
    const turn = this.#turns.get(name) ?? 0
    this.#turns.set(name, (turn + 1) % Number.MAX_SAFE_INTEGER)
    return [named[turn % named.length]!]
  }
}

/** FNV-1a, 32 bits: the same text is the same session as long as those of its name stay the same. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of utf8(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}
