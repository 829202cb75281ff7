import type { BodyNode } from './body-types'

/**
 * A value on one line, at most `maxCharacters` long: JSON where JSON has a word for it, bytes as `h'…'` (RFC 8949 §8),
 * extensions as `ext(type, h'…')`, times in ISO form. Cost: O(maxCharacters), whatever the size of the value.
 */
export function shortText(node: BodyNode, maxCharacters: number): string {
  const writer = new ShortWriter(maxCharacters)
  writer.value(node)
  return writer.text()
}

class ShortWriter {
  #text = ''
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  text(): string {
    return this.#text.length <= this.#max
      ? this.#text
      : `${this.#text.slice(0, wholeEnd(this.#text, this.#max - 1))}…`
  }

  value(node: BodyNode): void {
    if (this.#text.length > this.#max) return
    if (node.children === undefined) {
      this.#text += scalarText(node, this.#max + 1)
      return
    }
    const isObject = node.kind === 'object'
    this.#text += isObject ? '{' : '['
    for (const [index, child] of node.children.entries()) {
      if (this.#text.length > this.#max) return
      if (index > 0) this.#text += ', '
      if (isObject) this.#text += `${keyText(child.key, this.#max + 1)}: `
      this.value(child)
    }
    if ((node.more ?? 0) > 0) this.#text += `${node.children.length > 0 ? ', ' : ''}${node.more} more`
    this.#text += isObject ? '}' : ']'
  }
}

/** Not through the middle of a surrogate pair. */
const wholeEnd = (text: string, end: number): number =>
  /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : end

export const keyText = (key: BodyNode['key'], maxCharacters = Number.POSITIVE_INFINITY): string =>
  typeof key === 'string' ? quoted(key, maxCharacters) : String(key)

const quoted = (text: string, maxCharacters: number): string =>
  JSON.stringify(text.length > maxCharacters ? text.slice(0, maxCharacters) : text)

/** A scalar as `shortText` shows it; long strings and bytes end after about `maxCharacters`. */
export function scalarText(node: BodyNode, maxCharacters = Number.POSITIVE_INFINITY): string {
  const { scalar } = node
  if (scalar instanceof Uint8Array) {
    const hex = hexText(scalar, maxCharacters)
    return node.kind === 'extension' ? `ext(${node.extensionType ?? 0}, ${hex})` : hex
  }
  if (node.kind === 'time' && typeof scalar === 'bigint') return timeText(scalar)
  if (typeof scalar === 'string') return quoted(scalar, maxCharacters)
  return Object.is(scalar, -0) ? '-0' : String(scalar)
}

function hexText(bytes: Uint8Array, maxCharacters: number): string {
  const shown = bytes.subarray(0, Math.ceil(maxCharacters / 2))
  let hex = ''
  for (const byte of shown) hex += byte.toString(16).padStart(2, '0')
  return `h'${hex}${shown.length < bytes.length ? '…' : ''}'`
}

const LAST_DATE_MS = 8_640_000_000_000_000n

/** ISO time in UTC with as many digits of the second as there are; beyond the calendar the nanoseconds themselves. */
export function timeText(nanoseconds: bigint): string {
  const remainder = ((nanoseconds % 1_000_000n) + 1_000_000n) % 1_000_000n
  const milliseconds = (nanoseconds - remainder) / 1_000_000n
  if (milliseconds > LAST_DATE_MS || milliseconds < -LAST_DATE_MS) return `${nanoseconds} ns`
  const iso = new Date(Number(milliseconds)).toISOString()
  return remainder === 0n ? iso : iso.replace('Z', `${String(remainder).padStart(6, '0')}Z`)
}
