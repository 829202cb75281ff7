import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ContractClient } from '../../shared/contract/contract-client'
import { ConsoleError } from '../../shared/errors'
import type { ListChanged, ListEvent } from '../../shared/model/list-view'
import { NO_ROWS } from './list-view-slice'
import { RETRY_MS, RowSource } from './row-source'

const row = (eventId: number, count: number): ListEvent => ({
  row: 'event',
  kind: 'note',
  eventId,
  linkId: 1,
  atMs: 0,
  untilMs: null,
  code: null,
  count,
  text: '',
})

/** A list in a core that is far away: what it answers and what it tells arrive in any order between them. */
class FarList {
  generation = 1
  first = 0
  rows: ListEvent[] = []
  #changedFrom = 0
  #lastId = 0
  readonly #news: ListChanged[] = []
  readonly #calls: { readonly from: number; readonly count: number; settle(isGood: boolean): void }[] = []
  /** Answers that are made and not there yet. */
  readonly #answers: (() => void)[] = []

  readonly client = {
    call: (_name: string, { from, count }: { from: number; count: number }) =>
      new Promise((resolve, reject) => {
        const settle = (isGood: boolean): void => {
          const begin = Math.min(Math.max(from, this.first), this.end)
          const rows = this.rows.slice(begin - this.first, begin - this.first + count)
          const { generation } = this
          this.#answers.push(() =>
            isGood
              ? resolve({ generation, from: begin, rows })
              : reject(new ConsoleError('INTERNAL', 'lost')),
          )
        }
        this.#calls.push({ from, count, settle })
      }),
  } as unknown as ContractClient

  get end(): number {
    return this.first + this.rows.length
  }

  insert(share: number, count: number): void {
    const at = Math.round(share * this.rows.length)
    const added = Array.from({ length: count }, () => row((this.#lastId += 1), 0))
    this.rows.splice(at, 0, ...added)
    this.#note(at)
  }

  change(share: number): void {
    const at = Math.min(this.rows.length - 1, Math.floor(share * this.rows.length))
    const before = this.rows[at]
    if (before === undefined) return
    this.rows[at] = row(before.eventId, before.count + 1)
    this.#note(at)
  }

  remove(share: number): void {
    const at = Math.floor(share * this.rows.length)
    this.rows.splice(at, 1)
    this.#note(at)
  }

  evict(count: number): void {
    this.first += this.rows.splice(0, count).length
  }

  renew(): void {
    this.generation += 1
    this.first = this.generation * 7
    this.#changedFrom = 0
  }

  #note(index: number): void {
    this.#changedFrom = Math.min(this.#changedFrom, this.first + index)
  }

  tell(): void {
    const { generation, first, end } = this
    const changedFrom = Math.max(first, Math.min(this.#changedFrom, end))
    this.#changedFrom = Number.POSITIVE_INFINITY
    this.#news.push({ ...NO_ROWS, generation, first, end, changedFrom })
  }

  answer(isGood: boolean): void {
    this.#calls.shift()?.settle(isGood)
  }

  /** The oldest answer or the oldest news arrives. */
  async deliver(what: 'answer' | 'news', source: RowSource): Promise<boolean> {
    const answer = what === 'answer' ? this.#answers.shift() : undefined
    const news = what === 'news' ? this.#news.shift() : undefined
    answer?.()
    if (news !== undefined) source.changed(news)
    await vi.advanceTimersByTimeAsync(0)
    return answer !== undefined || news !== undefined
  }
}

const share = fc.double({ min: 0, max: 1, noNaN: true })
const step = fc.oneof(
  fc.record({
    do: fc.constant('insert' as const),
    share: fc.oneof(share, fc.constant(1)),
    count: fc.nat(30),
  }),
  fc.record({ do: fc.constant('change' as const), share }),
  fc.record({ do: fc.constant('remove' as const), share }),
  fc.record({ do: fc.constant('evict' as const), count: fc.nat(10) }),
  fc.record({ do: fc.constant('renew' as const) }),
  fc.record({ do: fc.constant('tell' as const) }),
  fc.record({ do: fc.constant('answer' as const), isGood: fc.oneof(fc.constant(true), fc.boolean()) }),
  fc.record({
    do: fc.constant('deliver' as const),
    what: fc.constantFrom('answer' as const, 'news' as const),
  }),
  fc.record({ do: fc.constant('want' as const), from: fc.nat(60) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 30, 1100) }),
)

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

test('every row on screen comes in the end, whatever is late, lost, overtaken or answered for an older list', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
      const list = new FarList()
      const source = new RowSource(list.client)
      const stop = source.subscribe(() => undefined)
      let from = 0
      for (const one of steps) {
        if (one.do === 'insert') list.insert(one.share, one.count)
        else if (one.do === 'change') list.change(one.share)
        else if (one.do === 'remove') list.remove(one.share)
        else if (one.do === 'evict') list.evict(one.count)
        else if (one.do === 'renew') list.renew()
        else if (one.do === 'tell') list.tell()
        else if (one.do === 'answer') list.answer(one.isGood)
        else if (one.do === 'deliver') await list.deliver(one.what, source)
        else if (one.do === 'want') source.want((from = one.from), one.from + 12)
        else await vi.advanceTimersByTimeAsync(one.ms)
      }
      // the line is quiet now and nothing moves on the screen: no news will ask again for what gets lost
      list.tell()
      source.want(from, from + 12)
      while (await list.deliver('news', source));
      for (let round = 0; round < 16; round++) {
        await vi.advanceTimersByTimeAsync(RETRY_MS + 30)
        list.answer(round > 2)
        while (await list.deliver('answer', source));
      }
      for (let position = Math.max(list.first, from); position < Math.min(list.end, from + 12); position++) {
        expect(source.get(position)).toEqual(list.rows[position - list.first])
      }
      stop()
      await vi.advanceTimersByTimeAsync(2 * RETRY_MS)
      expect(vi.getTimerCount()).toBe(0)
    }),
    { numRuns: 300 },
  )
})
