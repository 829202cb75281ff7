import { ConsoleError } from '../../errors'

/** What is wrong with an address that somebody typed. */
export const badAddress = (code: 'URL_INVALID' | 'URL_BAD_OPTION', message: string): ConsoleError =>
  new ConsoleError(code, message)

/** Reads options and remembers which were asked for, so that a misspelt one is refused instead of ignored. */
export class AddressQuery {
  readonly #params: URLSearchParams
  readonly #known = new Set<string>()

  constructor(params: URLSearchParams) {
    this.#params = params
  }

  text(key: string): string {
    this.#known.add(key)
    const [text = '', ...more] = this.#params.getAll(key)
    if (more.length > 0) throw badAddress('URL_BAD_OPTION', `${key} is given ${more.length + 1} times`)
    return text
  }

  int(key: string, fallback: number, min: number, max: number): number {
    const text = this.text(key)
    if (text === '') return fallback
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= min && value <= max)) {
      throw badAddress('URL_BAD_OPTION', `${key}=${text} is not a whole number from ${min} to ${max}`)
    }
    return value
  }

  probability(key: string): number {
    return this.number(key, 0, 0, 1, 'a probability')
  }

  number(key: string, fallback: number, min: number, max: number, what = 'a number'): number {
    const text = this.text(key)
    if (text === '') return fallback
    const value = /^\d*\.?\d+(e-?\d+)?$/i.test(text) ? Number(text) : Number.NaN
    if (!(value >= min && value <= max)) {
      throw badAddress('URL_BAD_OPTION', `${key}=${text} is not ${what} from ${min} to ${max}`)
    }
    return value
  }

  oneOf<T extends string>(key: string, values: readonly [T, ...T[]]): T {
    const text = this.text(key)
    if (text === '') return values[0]
    const found = values.find((value) => value === text)
    if (found === undefined) {
      throw badAddress('URL_BAD_OPTION', `${key}=${text} is not one of ${values.join(', ')}`)
    }
    return found
  }

  refuseLeftovers(scheme: string): void {
    for (const key of this.#params.keys()) {
      if (!this.#known.has(key)) {
        throw badAddress('URL_BAD_OPTION', `"${key}" is not an option of ${scheme}: addresses`)
      }
    }
  }
}
