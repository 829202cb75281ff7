import { describe, expect, test } from 'vitest'
import { valueAt } from '../../../shared/body/body-paths'
import { bodyTree } from '../../../shared/body/body-tree'
import { shortText } from '../../../shared/body/short-text'
import { fromHex, utf8 } from '../../../shared/bytes'
import { parseFilter } from '../../../shared/filter'
import { bodyField, bodyFilter } from './body-filter'
import { extendTo, selectByte, selectedTrail, selectNode } from './body-select'
import { chunkNumber, chunkStarts } from './chunk-starts'
import { jsonRows } from '../../ui/json-rows'
import { readNeedle, searchBody } from './search-bytes'
import { isSmall, treeRows } from './tree-rows'

const BODY = utf8('{"a":[1,{"b":"x"}],"c":{}}')
const TREE = bodyTree(BODY)
const at = (text: string): number => new TextDecoder().decode(BODY).indexOf(text)

describe('rows of a tree', () => {
  test('are the members of what is open, with their place among siblings', () => {
    const all = treeRows(TREE.root!, () => true).map(({ node, depth, parent, position, setSize }) => [
      node?.key,
      depth,
      parent,
      `${position}/${setSize}`,
    ])
    expect(all).toEqual([
      ['a', 0, -1, '1/2'],
      [0, 1, 0, '1/2'],
      [1, 1, 0, '2/2'],
      ['b', 2, 2, '1/1'],
      ['c', 0, -1, '2/2'],
    ])
    expect(treeRows(TREE.root!, () => false).map(({ node }) => node?.key)).toEqual(['a', 'c'])
  })

  test('end with how many values were not kept', () => {
    const root = bodyTree(utf8('[1,2,3,4,5]'), { maxNodes: 3 }).root!
    expect(treeRows(root, () => true).at(-1)).toMatchObject({ node: null, more: 3, position: 3, setSize: 3 })
    expect(jsonRows(root, () => false).map(({ part }) => part)).toEqual([
      'open',
      'leaf',
      'leaf',
      'more',
      'close',
    ])
  })

  test('begin open only in small trees', () => {
    expect(isSmall(TREE.root!)).toBe(true)
    expect(isSmall(bodyTree(utf8(JSON.stringify(Array(300).fill(0)))).root!)).toBe(false)
  })
})

test('lines of JSON close what they open, and one line stands for what is folded', () => {
  const list = valueAt(TREE, ['a'])!
  const lines = (isFolded: boolean): string[] =>
    jsonRows(TREE.root!, (node) => isFolded && node === list).map(
      ({ node, part, depth, hasComma }) => `${depth} ${part} ${node.key ?? ''}${hasComma ? ',' : ''}`,
    )
  expect(lines(false)).toEqual([
    '0 open ',
    '1 open a',
    '2 leaf 0,',
    '2 open 1',
    '3 leaf b',
    '2 close 1',
    '1 close a,',
    '1 leaf c',
    '0 close ',
  ])
  expect(lines(true)).toEqual(['0 open ', '1 folded a,', '1 leaf c', '0 close '])
})

describe('a selection of bytes', () => {
  test('made on a byte is the deepest value that holds it', () => {
    const selection = selectByte(1, TREE, at('"x"'), 'hex')
    expect(selection).toMatchObject({ from: at('"b"'), to: at('}]'), cursor: at('"x"') })
    expect(selectedTrail(TREE, selection).map(({ key }) => key)).toEqual([null, 'a', 1, 'b'])
  })

  test('made between values, or in bytes without structure, is that byte', () => {
    expect(selectByte(1, TREE, at(',"c"'), 'hex')).toMatchObject({ from: at(',"c"'), to: at(',"c"') + 1 })
    expect(selectByte(1, null, 4, 'hex')).toMatchObject({ from: 4, to: 5 })
    expect(selectByte(1, bodyTree(utf8('plain text')), 4, 'hex')).toMatchObject({ from: 4, to: 5 })
  })

  test('grows from where it began, in both directions, to the value around it', () => {
    const begun = selectByte(1, TREE, at('"x"'), 'hex')
    expect(extendTo(begun, at('"x"') + 2)).toMatchObject({ from: at('"x"'), to: at('"x"') + 3 })
    const wide = extendTo(extendTo(begun, at('"x"') + 2), at('1,'))
    expect(wide).toMatchObject({ from: at('1,'), to: at('"x"') + 1, anchor: at('"x"') })
    expect(selectedTrail(TREE, wide).at(-1)?.key).toBe('a')
  })

  test('of a packed number puts the cursor on its first own byte', () => {
    const tree = bodyTree(fromHex('81 a1 61 cd 02 00'))
    expect(selectNode(1, valueAt(tree, ['a'])!, tree.format, 'tree')).toMatchObject({
      from: 1,
      to: 6,
      cursor: 4,
    })
  })
})

describe('a value as a filter', () => {
  test.each([
    ['{"temp":{"value":21.5}}', ['temp', 'value'], 'body.temp.value == 21.5'],
    ['{"l":[{"on":true}]}', ['l', 0, 'on'], 'body.l[0].on == true'],
    ['{"a b":"say \\"hi\\""}', ['a b'], 'body."a b" == "say \\"hi\\""'],
    ['{"big":9223372036854775807}', ['big'], 'body.big == 9223372036854775807'],
    ['{"n":null}', ['n'], 'body.n'],
  ])('%s at %j is %s, and the filter language reads it', (json, path, text) => {
    const tree = bodyTree(utf8(json))
    expect(bodyFilter(path, valueAt(tree, path)!)).toBe(text)
    expect(parseFilter(text).ok).toBe(true)
    expect(parseFilter(bodyField(path)).ok).toBe(true)
  })
})

test('chunks that came out of order are numbered by where they lie', () => {
  const starts = chunkStarts(Float64Array.of(0, 512, 256))
  expect([0, 255, 256, 511, 512, 9999].map((offset) => chunkNumber(starts, offset))).toEqual([
    1, 1, 2, 2, 3, 3,
  ])
})

describe('a search in a body', () => {
  const text = 'abcXabcXabc'
  const large = utf8('.'.repeat(256 * 1024 - 2) + text) // across the border of two pieces
  const source = {
    totalBytes: large.length,
    readRange: (offset: number, count: number) => Promise.resolve(large.subarray(offset, offset + count)),
  }
  const first = large.length - text.length

  test('goes from place to place and round the end, in both directions', async () => {
    const needle = readNeedle('"abc"')!
    const forward = [await searchBody(source, needle, -1, false)]
    for (let turn = 0; turn < 3; turn++)
      forward.push(await searchBody(source, needle, forward.at(-1)!, false))
    expect(forward).toEqual([first, first + 4, first + 8, first])
    const backward = [await searchBody(source, needle, first + 4, true)]
    for (let turn = 0; turn < 2; turn++)
      backward.push(await searchBody(source, needle, backward.at(-1)!, true))
    expect(backward).toEqual([first, first + 8, first + 4])
    expect(await searchBody(source, utf8('nowhere'), 0, false)).toBe(-1)
  })

  test('looks for hex digits, or for text in quotes', () => {
    expect(readNeedle('7e 01')).toEqual(Uint8Array.of(0x7e, 1))
    expect(readNeedle('"7e')).toEqual(utf8('7e'))
    expect(readNeedle('hello')).toBeNull()
  })
})

test('an object of MessagePack reads like one of JSON, with bytes as hex', () => {
  expect(shortText(bodyTree(fromHex('82 a1 61 c4 02 de ad 05 c0')).root!, 60)).toBe(`{"a": h'dead', 5: null}`)
})
