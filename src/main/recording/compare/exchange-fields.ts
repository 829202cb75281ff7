import { diffTrees } from '../../../shared/body/body-diff'
import type { BodyPath } from '../../../shared/body/body-paths'
import { bodyTree } from '../../../shared/body/body-tree'
import type { BodyNode, BodyTree } from '../../../shared/body/body-types'
import { shortText } from '../../../shared/body/short-text'
import { type CompareField, MAX_COMPARED_BODY_BYTES } from '../../../shared/model/compare'
import type { Headers } from '../../../shared/model/trace'
import type { MessageStore } from '../../capture/message-store'
import { headerText } from './content-digest'
import { outcomeOf } from './exchanges'
import type { FieldPlace, IgnoreRules } from './ignore-rules'

export interface ComparedField extends CompareField {
  readonly isEqual: boolean
}

/** A message of one recording; id 0 is none. */
export interface MessageAt {
  readonly store: MessageStore
  readonly id: number
}

const MAX_VALUE_CHARACTERS = 80
const MAX_NODES = 20_000

export interface FieldsWanted {
  /** Names of at most so many fields that differ. */
  readonly most: number
  /** Fields that are equal are listed too. */
  readonly withEqual: boolean
}

/** Compares a message, and the answer to it, field by field. */
export function compareFields(
  sides: {
    readonly a: MessageAt
    readonly b: MessageAt
    readonly aReply: MessageAt
    readonly bReply: MessageAt
  },
  ignore: IgnoreRules,
  wanted: FieldsWanted,
): { readonly fields: readonly ComparedField[]; readonly more: number } {
  const list = new FieldList(ignore, wanted)
  list.status('status', sides.a, sides.b)
  list.headers('header', sides.a, sides.b)
  list.body('body', sides.a, sides.b)
  const hasReply = [sides.aReply.id > 0, sides.bReply.id > 0]
  if (hasReply[0] === true && hasReply[1] === true) {
    list.status('reply.status', sides.aReply, sides.bReply)
    list.headers('reply.header', sides.aReply, sides.bReply)
    list.body('reply', sides.aReply, sides.bReply)
  } else if (hasReply[0] !== hasReply[1]) {
    const word = (has: boolean | undefined): string => (has === true ? 'an answer' : 'none')
    list.add({ path: 'reply', a: word(hasReply[0]), b: word(hasReply[1]), isEqual: false })
  }
  return { fields: list.fields, more: list.more }
}

class FieldList {
  readonly fields: ComparedField[] = []
  more = 0
  readonly #ignore: IgnoreRules
  readonly #wanted: FieldsWanted

  constructor(ignore: IgnoreRules, wanted: FieldsWanted) {
    this.#ignore = ignore
    this.#wanted = wanted
  }

  add(field: ComparedField): void {
    if (field.isEqual && !this.#wanted.withEqual) return
    if (this.fields.length < this.#wanted.most) this.fields.push(field)
    else this.more += 1
  }

  status(path: string, a: MessageAt, b: MessageAt): void {
    const [left, right] = [outcomeOf(a.store, a.id), outcomeOf(b.store, b.id)]
    if (left !== right && !this.#ignore.ignores('status', [])) {
      this.add({ path, a: left, b: right, isEqual: false })
    }
  }

  headers(place: 'header' | 'reply.header', a: MessageAt, b: MessageAt): void {
    const left = headersOf(a)
    const right = headersOf(b)
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      if (this.#ignore.ignores(place, [name])) continue
      const was = Object.hasOwn(left, name) ? headerText(left[name]!) : null
      const is = Object.hasOwn(right, name) ? headerText(right[name]!) : null
      this.add({ path: `${place}.${name}`, a: was && cut(was), b: is && cut(is), isEqual: was === is })
    }
  }

  body(place: 'body' | 'reply', a: MessageAt, b: MessageAt): void {
    if (this.#ignore.ignores(place, [])) return
    const left = a.store.bodyOf(a.id)
    const right = b.store.bodyOf(b.id)
    if (left === undefined || right === undefined) {
      const word = (body: Uint8Array | undefined): string =>
        body === undefined ? 'not in memory' : bytesText(body)
      this.add({ path: place, a: word(left), b: word(right), isEqual: false })
      return
    }
    if (left.length > MAX_COMPARED_BODY_BYTES || right.length > MAX_COMPARED_BODY_BYTES) {
      this.add({ path: place, a: bytesText(left), b: bytesText(right), isEqual: sameBytes(left, right) })
      return
    }
    const before = bodyTree(left, { maxNodes: MAX_NODES })
    const after = bodyTree(right, { maxNodes: MAX_NODES })
    if (before.root === null || after.root === null || before.root.more !== undefined) {
      if (left.length === 0 && right.length === 0) return
      const isEqual = sameBytes(left, right)
      this.add({ path: place, a: valueOf(before, left), b: valueOf(after, right), isEqual })
      return
    }
    this.#trees(place, before, after)
  }

  #trees(place: 'body' | 'reply', before: BodyTree, after: BodyTree): void {
    const changes = new Map(
      diffTrees(before, after, 4096).changes.map((change) => [pathText(place, change.path), change]),
    )
    const told = new Set<string>()
    const tell = (path: BodyPath, name: string): void => {
      const change = changes.get(name)
      if (change === undefined || told.has(name)) return
      told.add(name)
      if (this.#isIgnored(place, path, change.before ?? change.after)) return
      this.add({ path: name, a: nodeText(change.before), b: nodeText(change.after), isEqual: false })
    }
    visit(before.root!, [], (node, path) => {
      const name = pathText(place, path)
      if (changes.has(name)) {
        tell(path, name)
        return false
      }
      if (node.children === undefined && this.#wanted.withEqual && !this.#isIgnored(place, path, node))
        this.add({ path: name, a: nodeText(node), b: nodeText(node), isEqual: true })
      return true
    })
    for (const [name, { path }] of changes) tell(path, name)
  }

  /** What came or went as a whole is left out when everything in it is. */
  #isIgnored(place: FieldPlace, path: BodyPath, node: BodyNode | null): boolean {
    if (this.#ignore.ignores(place, path)) return true
    const children = node?.children ?? []
    return (
      children.length > 0 &&
      children.every((child, at) => this.#isIgnored(place, [...path, child.key ?? at], child))
    )
  }
}

/** Goes through a tree, parents first; not into those for which `take` says no. */
function visit(node: BodyNode, path: BodyPath, take: (node: BodyNode, path: BodyPath) => boolean): void {
  if (!take(node, path)) return
  for (const [at, child] of (node.children ?? []).entries()) visit(child, [...path, child.key ?? at], take)
}

/** `body.items[0].name`. */
function pathText(place: string, path: BodyPath): string {
  let text = place
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : `.${cut(step)}`
  return text
}

const nodeText = (node: BodyNode | null): string | null =>
  node === null ? null : shortText(node, MAX_VALUE_CHARACTERS)

const valueOf = ({ root }: BodyTree, body: Uint8Array): string =>
  root === null ? bytesText(body) : shortText(root, MAX_VALUE_CHARACTERS)

const headersOf = ({ store, id }: MessageAt): Headers => store.columnsOf(id).headers[store.indexOf(id)]!

const cut = (text: string): string =>
  text.length <= MAX_VALUE_CHARACTERS ? text : `${text.slice(0, MAX_VALUE_CHARACTERS - 1)}…`

const bytesText = (body: Uint8Array): string => {
  const hex = Array.from(body.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return `${body.length} B${body.length === 0 ? '' : `: ${hex}${body.length > 8 ? ' …' : ''}`}`
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
