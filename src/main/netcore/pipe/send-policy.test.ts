import { describe, expect, test } from 'vitest'
import type { Priority } from '../../../shared/model/trace'
import { admit, charge, createSendOrder, pickNext, type SendOrder, type Turn, withdraw } from './send-policy'

interface Sent {
  readonly name: string
  readonly bytes: number
}

/** A sender made of the policy and byte counts. */
class Line {
  readonly order: SendOrder<string> = createSendOrder<string>()
  readonly left = new Map<Turn<string>, number>()
  readonly agingMs: number
  nowMs = 0

  constructor(agingMs = Number.POSITIVE_INFINITY) {
    this.agingMs = agingMs
  }

  add(name: string, bytes: number, chunkBytes = 100, priority: Priority = 3): Turn<string> {
    const nextBytes = Math.min(chunkBytes, bytes)
    const turn = admit(this.order, name, { priority, chunkBytes, nextBytes }, this.nowMs)
    this.left.set(turn, bytes)
    return turn
  }

  /** Sends one chunk, which takes `tookMs`. */
  send(tookMs = 0): Sent | undefined {
    const turn = pickNext(this.order, this.nowMs, this.agingMs)
    if (turn === undefined) return undefined
    const bytes = turn.nextBytes
    const left = this.left.get(turn)! - bytes
    this.left.set(turn, left)
    this.nowMs += tookMs
    charge(this.order, turn, Math.min(turn.chunkBytes, left), this.nowMs)
    return { name: turn.message, bytes }
  }

  /** Names in the order of their chunks. */
  run(chunks = Number.POSITIVE_INFINITY, tookMs = 0): string {
    let names = ''
    for (let count = 0; count < chunks; count++) {
      const sent = this.send(tookMs)
      if (sent === undefined) break
      names += sent.name
    }
    return names
  }
}

describe('rounds of one class', () => {
  test('one chunk of each in turn, in order of arrival', () => {
    const line = new Line()
    line.add('a', 300)
    line.add('b', 100)
    line.add('c', 150)
    expect(line.run()).toBe('abcaca')
  })

  test('who arrives during a round joins the next one', () => {
    const line = new Line()
    line.add('a', 300)
    line.add('b', 300)
    expect(line.run(1)).toBe('a')
    line.add('c', 100)
    expect(line.run()).toBe('babcab')
  })

  test('who leaves is passed over and nobody else loses a turn', () => {
    const line = new Line()
    line.add('a', 300)
    const b = line.add('b', 300)
    line.add('c', 300)
    expect(line.run(1)).toBe('a')
    withdraw(line.order, b)
    withdraw(line.order, b)
    expect(line.run()).toBe('cacac')
  })

  test('when most of a round has left, those who had their turn do not get another before the rest', () => {
    const line = new Line()
    line.add('x', 200)
    for (const name of ['a', 'b', 'c', 'g']) line.add(name, 100)
    for (const name of ['d', 'e']) line.add(name, 200)
    expect(line.run()).toBe('xabcgdexde')
  })

  test('asking twice without sending gives the same answer', () => {
    const line = new Line()
    line.add('a', 300)
    line.add('b', 300)
    const first = pickNext(line.order, 0, 1000)
    expect(pickNext(line.order, 0, 1000)).toBe(first)
    expect(line.run()).toBe('ababab')
  })

  test('unequal chunk sizes share the line by bytes, not by turns', () => {
    const line = new Line()
    line.add('L', 400_000, 4000)
    line.add('s', 400_000, 100)
    const bytes = new Map<string, number>()
    for (let count = 0; count < 1000; count++) {
      const sent = line.send()!
      bytes.set(sent.name, (bytes.get(sent.name) ?? 0) + sent.bytes)
    }
    expect(Math.abs(bytes.get('L')! - bytes.get('s')!)).toBeLessThanOrEqual(4000)
  })

  test('a chunk larger than the others waits for no more than one round', () => {
    const line = new Line()
    line.add('s', 1000, 100)
    line.add('L', 8000, 8000)
    // s may send 8,000 bytes a round as well: it is the share of the class.
    expect(line.run()).toBe('ssssssssssL')
  })

  test('memory follows who waits, not who ever waited', () => {
    const line = new Line()
    line.add('bulk', 1_000_000)
    for (let count = 0; count < 1000; count++) withdraw(line.order, line.add('x', 100))
    expect(line.order.classes[3]!.members.length).toBeLessThan(4)
    expect(line.run(3)).toBe('bulkbulkbulk')
  })
})

describe('classes', () => {
  test('the most urgent class goes first, however late it came', () => {
    const line = new Line()
    line.add('l', 300, 100, 7)
    line.add('m', 300, 100, 3)
    expect(line.run(1)).toBe('m')
    line.add('h', 200, 100, 0)
    expect(line.run()).toBe('hhmmlll')
  })

  test('an urgent message interrupts a round without changing it', () => {
    const line = new Line()
    for (const name of ['a', 'b', 'c']) line.add(name, 200)
    expect(line.run(1)).toBe('a')
    line.add('H', 100, 100, 0)
    expect(line.run()).toBe('Hbcabc')
  })
})

describe('ageing', () => {
  test('without it a busy urgent class starves the rest', () => {
    const line = new Line()
    line.add('h', 100_000, 100, 0)
    line.add('l', 100, 100, 7)
    expect(line.run(500, 10)).not.toContain('l')
  })

  test('a class passed over for long enough gets a chunk: after its distance in periods', () => {
    const line = new Line(100)
    line.add('h', 100_000, 100, 0)
    line.add('l', 1000, 100, 5)
    const order = line.run(120, 10)
    // Five classes apart, 100 ms each, 10 ms a chunk: every 51st chunk.
    expect(Array.from(order).flatMap((name, index) => (name === 'l' ? [index] : []))).toEqual([50, 101])
  })

  test('every class gets its chunks in the end, whatever is more urgent', () => {
    const line = new Line(50)
    for (let priority = 0; priority < 8; priority++) {
      line.add(String(priority), priority === 0 ? 1_000_000 : 200, 100, priority as Priority)
    }
    const order = line.run(400, 10)
    for (const name of '1234567') expect(Array.from(order).filter((other) => other === name)).toHaveLength(2)
  })

  test('two chunks out of turn never follow each other', () => {
    const line = new Line(1)
    line.add('0', 1_000_000, 100, 0)
    for (let priority = 1; priority < 8; priority++) line.add('x', 1_000_000, 100, priority as Priority)
    expect(line.run(1000, 50)).not.toContain('xx')
  })

  test('a line that stood still lets one chunk out of turn, not a flood', () => {
    const line = new Line(100)
    line.add('l', 300, 100, 7)
    line.add('h', 300, 100, 0)
    line.nowMs = 60_000
    expect(line.run()).toBe('hlhhll')
  })

  test('it never reorders inside a class: the rounds stay those of Python on any line', () => {
    const line = new Line(100)
    for (const name of ['a', 'b', 'c']) line.add(name, 300)
    expect(line.run(4, 70)).toBe('abca')
    line.add('d', 200)
    expect(line.run(Number.POSITIVE_INFINITY, 70)).toBe('bcabcdd')
  })
})
