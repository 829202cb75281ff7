import { Document, isMap, isScalar, isSeq, type Node, Pair, parseDocument, Scalar, YAMLSeq } from 'yaml'

/** What a file holds: plain data, whose keys with `undefined` are left out. */
export type YamlData =
  | string
  | number
  | boolean
  | null
  | readonly YamlData[]
  | { readonly [key: string]: YamlData | undefined }
export type YamlMapping = { readonly [key: string]: YamlData | undefined }

const PRINTING = { lineWidth: 0, indentSeq: true } as const

/**
 * Data as YAML for people and for diff: keys in the order given, longer text as it reads.
 *
 * @param before - Text of the file so far: comments, order and style of what stays the same are kept. When it is no
 *   YAML, or no mapping, it is written anew.
 */
export function formatYaml(data: YamlMapping, before = ''): string {
  const document = parseDocument(before, { stringKeys: true })
  const canBeKept =
    document.errors.length === 0 && isMap(document.contents) && !/(^|\s)[&*][^\s]/m.test(before)
  const target = canBeKept ? document : new Document({})
  if (!canBeKept && document.errors.length === 0 && document.contents === null) {
    target.commentBefore = document.commentBefore ?? document.comment
  }
  merge(target, target.contents, data)
  return target.toString(PRINTING)
}

/** Changes in a node what is another value in the data, and nothing else. */
function merge(document: Document, node: unknown, data: YamlData): Node {
  if (isMap(node) && isMapping(data)) {
    node.items = node.items.filter(({ key }) => isScalar(key) && has(data, String(key.value)))
    for (const [key, value] of Object.entries(data)) {
      if (value === undefined) continue
      const pair = node.items.find(
        (item): item is Pair<Scalar> => isScalar(item.key) && String(item.key.value) === key,
      )
      if (pair === undefined) node.items.push(new Pair(scalarOf(key), fresh(document, value)))
      else pair.value = merge(document, pair.value, value)
    }
    if (node.items.length === 0) node.flow = true
    return node
  }
  if (isSeq(node) && Array.isArray(data)) {
    node.items = data.map((value: YamlData, at) => merge(document, node.items[at], value))
    if (node.items.length === 0) node.flow = true
    return node
  }
  if (isScalar(node) && Object.is(node.value, data)) return node
  const made = fresh(document, data)
  if (isScalar(node) && isScalar(made)) {
    // What is said beside a value is mostly about the thing, not about the value.
    made.comment = node.comment ?? null
    made.commentBefore = node.commentBefore ?? null
  }
  return made
}

function fresh(document: Document, data: YamlData): Node {
  if (isMapping(data)) {
    const map = document.createNode({})
    const made = merge(document, map, data)
    if (isMap(made)) made.flow = made.items.length === 0
    return made
  }
  if (Array.isArray(data)) {
    const made = new YAMLSeq<Node>(document.schema)
    made.items = data.map((value: YamlData) => fresh(document, value))
    made.flow = made.items.length === 0
    return made
  }
  return typeof data === 'string' && isBlock(data) ? blockOf(data) : scalarOf(data)
}

function scalarOf(data: unknown): Scalar {
  const scalar = new Scalar(data)
  // A mark of byte order would be taken for one where it comes first; blanks before a line break would be folded away.
  if (typeof data === 'string' && /[\ufeff\n]/.test(data)) scalar.type = Scalar.QUOTE_DOUBLE
  return scalar
}

function blockOf(text: string): Scalar {
  const scalar = new Scalar(text)
  scalar.type = Scalar.BLOCK_LITERAL
  return scalar
}

/** Text that reads better over several lines, and comes back from them as it was. */
const isBlock = (text: string): boolean =>
  text.includes('\n') &&
  !/[^\n\t\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|^\s|[ \t]\n|[ \t]$|\n\n$/.test(text)

const has = (data: YamlMapping, key: string): boolean => Object.hasOwn(data, key) && data[key] !== undefined

const isMapping = (data: YamlData): data is YamlMapping =>
  typeof data === 'object' && data !== null && !Array.isArray(data)
