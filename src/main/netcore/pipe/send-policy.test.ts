import { describe, expect, test } from 'vitest'
import type { Priority } from '../../../shared/model/trace'
import {
  admit,
  admitHead,
  charge,
  createSendOrder,
  FLOOR_DIVISOR,
  headInTurn,
  pickNext,
  type SendOrder,
  type Turn,
  withdraw,
} from './send-policy'

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

  addHead(name: string, bytes: number, priority: Priority = 3): Turn<string> {
    const turn = admitHead(this.order, name, { priority, wireBytes: bytes }, this.nowMs)
    this.left.set(turn, turn.nextBytes)
    return turn
  }

  /** Sends one frame, which takes `tookMs`. */
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

describe('heads', () => {
  test('go before the chunks of their class, first come first served', () => {
    const line = new Line()
    line.add('a', 300)
    expect(line.run(1)).toBe('a')
    line.addHead('B', 50)
    line.addHead('C', 50)
    expect(line.run()).toBe('BCaa')
  })

  test('of a less urgent class wait for everything more urgent, however many they are', () => {
    const line = new Line()
    for (let count = 0; count < 100; count++) line.addHead('l', 90, 6)
    line.addHead('H', 90, 0)
    line.add('h', 200, 100, 0)
    expect(line.run(4)).toBe('Hhhl')
  })

  test('count as waiting: a class of heads ages like one of chunks', () => {
    const line = new Line(100)
    line.add('h', 100_000, 100, 0)
    line.addHead('L', 100, 2)
    expect(line.run(60, 10).indexOf('L')).toBe(20)
  })

  test('without bytes still take their turn, once', () => {
    const line = new Line()
    line.addHead('Z', 0)
    line.add('z', 100)
    expect(line.run()).toBe('Zz')
  })

  test('that are withdrawn are passed over, and their memory follows who waits', () => {
    const line = new Line()
    line.addHead('A', 90)
    for (let count = 0; count < 1000; count++) {
      const gone = line.addHead('x', 90)
      withdraw(line.order, gone)
      withdraw(line.order, gone)
    }
    expect(line.order.classes[3]!.heads.length).toBeLessThan(4)
    line.addHead('B', 90)
    expect(line.run()).toBe('AB')
    expect(pickNext(line.order, 0, 1000)).toBeUndefined()
  })

  test('are told only while nothing more urgent waits', () => {
    const line = new Line()
    const head = line.addHead('A', 90, 4)
    expect(headInTurn(line.order, 4)).toBe(head)
    expect(headInTurn(line.order, 5)).toBeUndefined()
    line.add('h', 100, 100, 1)
    expect(headInTurn(line.order, 4)).toBeUndefined()
  })
})

describe('ageing', () => {
  test('without it a busy urgent class starves the rest', () => {
    const line = new Line()
    line.add('h', 100_000, 100, 0)
    line.add('l', 100, 100, 7)
    expect(line.run(500, 10)).not.toContain('l')
  })

  const placesOf = (wanted: string, order: string): number[] =>
    Array.from(order).flatMap((name, index) => (name === wanted ? [index] : []))

  test('a class passed over for long enough begins after its distance in periods, then has a twentieth', () => {
    const line = new Line(100)
    line.add('h', 100_000, 100, 0)
    line.add('l', 1000, 100, 5)
    // Five classes apart, 100 ms each, 10 ms a chunk: from the 51st chunk on, every twentieth.
    expect(placesOf('l', line.run(120, 10))).toEqual([50, 70, 90, 110])
  })

  test('with all eight classes busy the lowest has a hundred and fortieth, and no other that is passed over has more', () => {
    const line = new Line(100)
    for (let priority = 0; priority < 8; priority++) {
      line.add(String(priority), 10_000_000, 100, priority as Priority)
    }
    line.run(70, 10)
    const rounds = 30
    const order = line.run(FLOOR_DIVISOR * 7 * rounds, 10)
    for (const name of '1234567') expect(placesOf(name, order)).toHaveLength(rounds)
  })

  test('the floor counts bytes: small chunks out of turn come more often than large ones', () => {
    const shareOf = (chunkBytes: number): number => {
      const line = new Line(1)
      line.add('h', 10_000_000, 100, 0)
      line.add('l', 10_000_000, chunkBytes, 7)
      line.run(100, 10)
      let total = 0
      let low = 0
      for (let count = 0; count < 5000; count++) {
        const { name, bytes } = line.send(10)!
        total += bytes
        if (name === 'l') low += bytes
      }
      return low / total
    }
    for (const chunkBytes of [64, 100, 400, 1000])
      expect(shareOf(chunkBytes)).toBeCloseTo(1 / FLOOR_DIVISOR, 2)
  })

  test('a message of 1,216 bytes waits for no more than one frame that is less urgent, however small those are', () => {
    const line = new Line(1)
    for (let count = 0; count < 500; count++) line.add('l', 1, 1, 7)
    line.add('m', 1_000_000, 100, 4)
    line.run(100, 10)
    line.add('h', 1216, 64, 0)
    expect(line.run(20, 10).replace(/h/g, '')).toMatch(/^[lm]?$/)
  })

  test('a message of nineteen chunks waits for no more than one that is less urgent', () => {
    const line = new Line(1)
    line.add('l', 1_000_000, 100, 7)
    line.add('m', 1_000_000, 100, 4)
    line.run(500, 10)
    line.add('h', 1900, 100, 0)
    expect(line.run(20, 10).replace(/h/g, '')).toMatch(/^[lm]?$/)
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
