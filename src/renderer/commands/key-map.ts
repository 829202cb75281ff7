import type { Command } from './command'
import { actsInText, type KeyChord, parseChord } from './key-chord'

/** Where the focus is: text fields own all plain keys, other controls own Space and Enter. */
export type FocusPlace = 'text' | 'control' | 'other'

/** Keys the operator chose, by command; an empty list takes all keys away. */
export type BoundKeys = Readonly<Record<string, readonly string[]>>

export interface Where {
  readonly place: FocusPlace
  readonly page: string
}

/** Two commands with the same key where both could be meant. */
export interface KeyConflict {
  readonly chord: KeyChord
  readonly first: Command
  readonly second: Command
}

/** What is wrong with the keys of the operator; the others hold. */
export type KeyProblem =
  | { readonly kind: 'unknown-command'; readonly id: string }
  | { readonly kind: 'unknown-key'; readonly id: string; readonly key: string }
  | { readonly kind: 'fixed'; readonly id: string }
  /** Two commands have this name; the first holds. */
  | { readonly kind: 'twice'; readonly id: string }

/** What a pane is to be told about a press: another key that it knows, or nothing of it. */
export type PaneKey = { readonly kind: 'known'; readonly chord: KeyChord } | { readonly kind: 'silent' }

/** Which key means which command. */
export class KeyMap {
  readonly commands: readonly Command[]
  readonly problems: readonly KeyProblem[]
  readonly #chords = new Map<string, readonly KeyChord[]>()
  readonly #defaults = new Map<string, readonly KeyChord[]>()
  readonly #byId = new Map<string, Command>()

  constructor(commands: readonly Command[], bound: BoundKeys = {}) {
    const problems: KeyProblem[] = []
    for (const command of commands) {
      const { id } = command
      if (this.#byId.has(id)) {
        problems.push({ kind: 'twice', id })
        continue
      }
      this.#byId.set(id, command)
      this.#defaults.set(id, chordsOf(command.keys))
      this.#chords.set(id, chordsOf(command.keys))
    }
    this.commands = [...this.#byId.values()]
    for (const [id, keys] of Object.entries(bound)) {
      const command = this.#byId.get(id)
      if (command === undefined) problems.push({ kind: 'unknown-command', id })
      else if (command.isFixed === true) problems.push({ kind: 'fixed', id })
      else {
        for (const key of keys) if (parseChord(key) === null) problems.push({ kind: 'unknown-key', id, key })
        const known = chordsOf(keys)
        if (known.length > 0 || keys.length === 0) this.#chords.set(id, known)
      }
    }
    this.problems = problems
  }

  command(id: string): Command | undefined {
    return this.#byId.get(id)
  }

  chordsOf(id: string): readonly KeyChord[] {
    return this.#chords.get(id) ?? []
  }

  isBoundAnew(id: string): boolean {
    return !isSame(this.chordsOf(id), this.#defaults.get(id) ?? [])
  }

  /** The command a chord means at this place; keys of panes are theirs and not among them. */
  find(chord: KeyChord, { place, page }: Where): Command | null {
    if (place === 'text' && !actsInText(chord)) return null
    if (place === 'control' && (chord === 'Space' || chord === 'Enter')) return null
    const meant = (command: Command): boolean =>
      command.pane === undefined &&
      (command.page === undefined || command.page === page) &&
      this.chordsOf(command.id).includes(chord)
    // what belongs to the page goes before what is meant everywhere, what can be done now before what cannot
    const all = this.commands.filter(meant)
    const now = all.filter(({ isEnabled }) => isEnabled?.() !== false)
    const onPage = ({ page }: Command): boolean => page !== undefined
    return now.find(onPage) ?? now[0] ?? all.find(onPage) ?? all[0] ?? null
  }

  /** What a pane that reads its keys itself has to be told instead; null when nothing was changed about this chord. */
  paneKey(chord: KeyChord, pane: string): PaneKey | null {
    const own = this.commands.filter((command) => command.pane === pane)
    const meant = own.find(({ id }) => this.chordsOf(id).includes(chord))
    const known = meant === undefined ? undefined : this.#defaults.get(meant.id)
    if (known?.[0] !== undefined) return known.includes(chord) ? null : { kind: 'known', chord: known[0] }
    return own.some(({ id }) => this.#defaults.get(id)?.includes(chord)) ? { kind: 'silent' } : null
  }

  /** Who else would be meant by this chord where the command is. */
  holderOf(chord: KeyChord, forId: string): Command | null {
    const wanted = this.#byId.get(forId)
    if (wanted === undefined) return null
    return (
      this.commands.find(
        (other) =>
          other.id !== forId && areTogether(wanted, other) && this.chordsOf(other.id).includes(chord),
      ) ?? null
    )
  }

  /** A page may give a key of everywhere a meaning of its own: only what is meant in one place alike is a conflict. */
  get conflicts(): readonly KeyConflict[] {
    const found: KeyConflict[] = []
    this.commands.forEach((first, index) => {
      for (const chord of this.chordsOf(first.id)) {
        for (const second of this.commands.slice(index + 1)) {
          if (
            first.page === second.page &&
            areTogether(first, second) &&
            this.chordsOf(second.id).includes(chord)
          ) {
            found.push({ chord, first, second })
          }
        }
      }
    })
    return found
  }
}

/** Both could be meant at one place. A pane's own key goes before the same key of everywhere: that is no conflict. */
function areTogether(one: Command, other: Command): boolean {
  if (one.pane !== other.pane) return false
  return (
    one.pane !== undefined || one.page === undefined || other.page === undefined || one.page === other.page
  )
}

const chordsOf = (keys: readonly string[]): readonly KeyChord[] =>
  keys.map(parseChord).filter((chord) => chord !== null)

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((chord, index) => chord === other[index])
