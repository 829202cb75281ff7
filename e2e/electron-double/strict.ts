/** Names the language asks for by itself, e.g. when a value is awaited or printed. */
const ASKED_BY_THE_LANGUAGE: ReadonlySet<string> = new Set(['then', 'toJSON', 'constructor'])

/**
 * The object with nothing beside what it has: reading or setting anything else throws. A shell that comes to need more of
 * Electron therefore fails here loudly, instead of running on `undefined`.
 */
export function strict<T extends object>(name: string, parts: T): T {
  return new Proxy(parts, {
    get(target, key, receiver): unknown {
      if (typeof key === 'symbol' || key in target || ASKED_BY_THE_LANGUAGE.has(key)) {
        return Reflect.get(target, key, receiver)
      }
      throw new Error(`the double of electron has no ${name}.${key}`)
    },
    set(_, key): boolean {
      throw new Error(`the double of electron does not let ${name}.${String(key)} be set`)
    },
  })
}

type Listener = (...args: never[]) => unknown

/** Listeners for a fixed set of events; any other name throws. */
export class StrictEvents<Name extends string> {
  readonly #owner: string
  readonly #listeners: Map<string, Listener[]>

  constructor(owner: string, names: readonly Name[]) {
    this.#owner = owner
    this.#listeners = new Map(names.map((name) => [name, []]))
  }

  add(name: string, listener: Listener): void {
    const listeners = this.#listeners.get(name)
    if (listeners === undefined)
      throw new Error(`the double of electron has no event ${this.#owner} "${name}"`)
    listeners.push(listener)
  }

  emit(name: Name, ...args: unknown[]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(...(args as never[]))
  }

  /** Emits an event that can be prevented, with `details` on the event object, and tells whether it was. */
  isPrevented(name: Name, details: object, ...rest: unknown[]): boolean {
    let prevented = false
    this.emit(name, { ...details, preventDefault: () => (prevented = true) }, ...rest)
    return prevented
  }
}
