/** Of a body, the beginning is looked at. */
const MAX_TEXT_BYTES = 2048
const WORD = /[\p{L}\p{N}_][\p{L}\p{N}_.-]{2,}/gu

/** Distinct words in the order they came, so many and so long at most: what does not fit is not found. */
export class WordList {
  readonly #words = new Set<string>()
  readonly #most: number
  readonly #longest: number

  constructor(most: number, longest: number) {
    this.#most = most
    this.#longest = longest
  }

  get words(): string[] {
    return [...this.#words]
  }

  add(word: string): void {
    if (word !== '' && this.#words.size < this.#most) this.#words.add(word.slice(0, this.#longest))
  }

  /** The words of a text; bytes count when they are text. */
  addText(text: string | Uint8Array): void {
    if (this.#words.size >= this.#most) return
    const plain = typeof text === 'string' ? text : textOf(text)
    for (const [word] of plain.matchAll(WORD)) {
      if (this.#words.size >= this.#most) return
      if (!/^[\d.-]+$/.test(word)) this.add(word.toLowerCase())
    }
  }
}

function textOf(bytes: Uint8Array): string {
  const beginning = bytes.subarray(0, MAX_TEXT_BYTES)
  for (const byte of beginning) if (byte < 9 || (byte > 13 && byte < 32)) return ''
  return new TextDecoder().decode(beginning)
}
