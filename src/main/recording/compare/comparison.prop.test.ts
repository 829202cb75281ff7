import { describe, expect, test } from 'vitest'
import type { CompareRow } from '../../../shared/model/compare'
import type { TraceEvent } from '../../../shared/model/trace'
import { compileFilter } from '../../../shared/filter'
import { SessionTime } from '../format/session-time'
import { ComparedRecording, type ReadableTrace } from './compared-recording'
import { compareMarkdown } from './compare-report'
import { Comparison } from './comparison'
import { IgnoreRules } from './ignore-rules'
import { inTurns } from './turns'

interface Asked {
  readonly route: string
  readonly body: string
  readonly reply: string | null
  readonly rttMs: number
}

const text = new TextEncoder()

/** The events of a link that asks one after the other. */
function traceOf(asked: readonly Asked[]): ReadableTrace {
  const events: TraceEvent[] = [
    { type: 'link-state', linkId: 1, atMs: 0, phase: 'connected', url: 'sim:demo', code: null, detail: '' },
  ]
  let atMs = 5
  for (const [index, { route, body, reply, rttMs }] of asked.entries()) {
    const requestKey = index * 2 + 1
    const message = (dir: 'in' | 'out', key: number, content: string, openMs: number): void => {
      const isAnswer = dir === 'in'
      const bytes = text.encode(content)
      events.push(
        {
          type: 'message-opened',
          linkId: 1,
          atMs: openMs,
          dir,
          messageKey: key,
          ref: String(key),
          route: isAnswer ? '' : route,
          kind: isAnswer ? 'response' : 'request',
          priority: 3,
          headers: {},
          correlationId: String(requestKey),
          declaredBytes: bytes.length,
          answersKey: isAnswer ? requestKey : 0,
        },
        {
          type: 'message-closed',
          linkId: 1,
          atMs: openMs,
          dir,
          messageKey: key,
          outcome: 'complete',
          code: null,
          bodyBytes: bytes.length,
          body: bytes,
        },
      )
    }
    message('out', requestKey, body, atMs)
    if (reply !== null) {
      message('in', requestKey + 1, reply, atMs + rttMs)
      const settled = { requestKey, answerKey: requestKey + 1, code: null, roundTripMs: rttMs }
      events.push({ type: 'request-settled', linkId: 1, atMs: atMs + rttMs, ...settled })
    }
    atMs += rttMs + 1
  }
  return {
    time: new SessionTime(1_790_000_000_000),
    damagedBytes: 0,
    async *entries() {
      await Promise.resolve()
      for (const event of events) yield { event }
    },
  }
}

async function compared(
  a: readonly Asked[],
  b: readonly Asked[],
  ignored: readonly string[] = [],
): Promise<Comparison> {
  const ignore = IgnoreRules.parse(ignored)
  const left = await ComparedRecording.read('a.mcap', traceOf(a), { ignore })
  const right = await ComparedRecording.read('b.mcap', traceOf(b), { ignore })
  return inTurns(Comparison.steps(left, right, { ignore, shiftMs: 5 }))
}

const rowsOf = (comparison: Comparison): CompareRow[] =>
  Array.from({ length: comparison.alignment.rows }, (_, row) => comparison.row(row))

function random(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const ROUTES = ['status.get', 'cfg.put', 'cfg.get', 'fw.query', 'gpio.set']

/** Exchanges that differ from one another in their bodies. */
const session = (next: (below: number) => number, count: number): Asked[] =>
  Array.from({ length: count }, (_, index) => ({
    route: ROUTES[next(ROUTES.length)]!,
    body: JSON.stringify({ key: `k${index}`, value: next(1000) }),
    reply: JSON.stringify({ ok: true, rev: index }),
    rttMs: 10 + next(40),
  }))

interface Edited {
  readonly b: Asked[]
  /** What was done to an exchange of the first one, by its body. */
  readonly done: ReadonlyMap<string, string>
  readonly added: number
}

/** Makes `edits` changes which do not touch one another. */
function edited(a: readonly Asked[], next: (below: number) => number, edits: number): Edited {
  const done = new Map<string, string>()
  const b: Asked[] = []
  const moved: Asked[] = []
  const every = Math.floor(a.length / edits)
  let added = 0
  for (const [index, asked] of a.entries()) {
    if (index % every !== 3) {
      b.push(asked)
      if (index % every === 6 && moved.length > 0) b.push(moved.pop()!)
      continue
    }
    const edit = ['changed', 'missing', 'added', 'slower', 'reordered'][next(5)]!
    if (edit === 'missing') done.set(asked.body, edit)
    else if (edit === 'added') {
      added += 1
      b.push(asked, { ...asked, body: `{"new":${index}}` })
    } else {
      done.set(asked.body, edit)
      if (edit === 'reordered') moved.push(asked)
      else if (edit === 'slower') b.push({ ...asked, rttMs: asked.rttMs * 2 })
      else b.push({ ...asked, reply: JSON.stringify({ ok: true, rev: -index - 1 }) })
    }
  }
  b.push(...moved)
  return { b, done, added }
}

const seed = (Math.random() * 2 ** 31) | 0
console.log(`comparison seed ${seed}`)

describe('comparing two recordings', () => {
  test('finds a recording equal to itself', async () => {
    const a = session(random(seed), 500)
    const { summary } = await compared(a, a)
    expect(summary.counts).toEqual({ equal: 500, changed: 0, missing: 0, added: 0, reordered: 0 })
    expect([summary.slower, summary.faster, summary.isEqual]).toEqual([0, 0, true])
    expect(summary.roundTrips.a).toEqual(summary.roundTrips.b)
  })

  test('finds exactly what was edited', async () => {
    const next = random(seed)
    for (let run = 0; run < 12; run++) {
      const a = session(next, 200)
      const { b, done, added } = edited(a, next, 12)
      const comparison = await compared(a, b)
      const found = new Map<string, string>()
      let onlyInB = 0
      for (const row of rowsOf(comparison)) {
        if (row.kind === 'added') onlyInB += 1
        else if (row.kind !== 'equal' || row.shift === 'slower')
          found.set(a[comparison.alignment.aAt[row.row]!]!.body, row.shift === 'slower' ? 'slower' : row.kind)
        if (row.kind === 'changed') expect([row.field?.path, row.fields]).toEqual(['reply.rev', 1])
      }
      expect([[...found].sort(), onlyInB], `seed ${seed} run ${run}`).toEqual([[...done].sort(), added])
    }
  })

  test('finds the same, mirrored, when both are swapped', async () => {
    const next = random(seed)
    const poor = (): Asked[] =>
      Array.from({ length: 120 }, () => {
        const route = ROUTES[next(3)]!
        return {
          route,
          body: `{"v":${next(3)}}`,
          reply: next(8) === 0 ? null : '{"ok":true}',
          rttMs: 5 + next(30),
        }
      })
    const mirror = { missing: 'added', added: 'missing', slower: 'faster', faster: 'slower' } as const
    const words = (rows: readonly CompareRow[], isMirrored: boolean): string[] =>
      rows
        .map(({ kind, shift, a, b }) => {
          const [left, right] = isMirrored ? [b, a] : [a, b]
          const own = kind === 'missing' || kind === 'added' ? (isMirrored ? mirror[kind] : kind) : kind
          const moved = shift !== null && isMirrored ? mirror[shift] : shift
          return `${left?.messageId} ${right?.messageId} ${own} ${moved}`
        })
        .sort()
    for (let run = 0; run < 8; run++) {
      const [a, b] = [poor(), poor()]
      const there = words(rowsOf(await compared(a, b)), false)
      expect(words(rowsOf(await compared(b, a)), true), `seed ${seed} run ${run}`).toEqual(there)
    }
  })

  test('aligns by what is asked although a field that is ignored is another one each time', async () => {
    const next = random(seed)
    const a = session(next, 100)
    const stamped = (asked: Asked): Asked => ({
      ...asked,
      reply: `{"rev":7,"ok":true,"timestamp":${next(1e9)}}`,
    })
    const first = a.map(stamped)
    const second = [...a.slice(0, 40), ...a.slice(41)].map(stamped)
    const strict = await compared(first, second)
    expect(strict.summary.counts.changed).toBeGreaterThan(90)
    const { summary, alignment } = await compared(first, second, ['body.timestamp'])
    expect(summary.counts).toEqual({ equal: 99, changed: 0, missing: 1, added: 0, reordered: 0 })
    expect(alignment.bAt[40]).toBe(-1)
  })

  test('takes neither the order of names nor blanks for a difference', async () => {
    const asked = { route: 'cfg.get', body: '{"a":1,"b":[1,2]}', reply: '{}', rttMs: 5 }
    const { summary } = await compared([asked], [{ ...asked, body: '{ "b": [1, 2], "a": 1.0 }' }])
    expect(summary.counts.equal).toBe(1)
  })

  test('tells an answer that is not there any more', async () => {
    const asked = { route: 'cfg.get', body: '{}', reply: '{}', rttMs: 5 }
    const comparison = await compared([asked], [{ ...asked, reply: null }])
    expect(comparison.detail(0).all.filter(({ isEqual }) => !isEqual)).toEqual([
      { path: 'status', a: 'answered', b: 'waiting', isEqual: false },
      { path: 'reply', a: 'an answer', b: 'none', isEqual: false },
    ])
  })

  test('lets rows pass by the words of the filter', async () => {
    const next = random(seed)
    const a = session(next, 60)
    const b = a.map((asked, at) =>
      at === 9 ? { ...asked, reply: '{"ok":true,"rev":-1}', rttMs: 500 } : asked,
    )
    const comparison = await compared(a, b)
    const rows = async (words: string): Promise<number[]> => {
      const result = compileFilter(words, 'compare')
      if (!result.ok) throw new Error(result.problems[0]?.message)
      return Array.from(await inTurns(comparison.select(result.filter)))
    }
    expect(await rows('diff.kind == changed')).toEqual([9])
    expect(await rows('diff.kind == slower and diff.latency > 100ms')).toEqual([9])
    expect(await rows('diff.field contains "rev"')).toEqual([9])
    expect(await rows('body.key == "k12"')).toEqual([12])
    expect((await rows('diff.kind == equal')).length).toBe(59)
  })

  test('writes a report in which nothing from the line is formatting', async () => {
    const asked = { route: 'a|b*', body: '{}', reply: '{"x":"1"}', rttMs: 5 }
    const comparison = await compared([asked], [{ ...asked, reply: '{"x":"2|3"}' }])
    const report = await inTurns(compareMarkdown(comparison, Uint32Array.of(0)))
    expect(report).toContain('| changed | a\\|b\\* |')
    expect(report).toContain('reply.x "1" to "2\\|3" |')
  })

  test('refuses a recording with more messages than it may have, and takes one with just as many', async () => {
    const ignore = IgnoreRules.parse([])
    const trace = traceOf(session(random(seed), 10))
    const limits = { messages: 20 }
    await expect(ComparedRecording.read('a.mcap', trace, { ignore, limits })).resolves.toBeDefined()
    await expect(
      ComparedRecording.read('a.mcap', trace, { ignore, limits: { messages: 19 } }),
    ).rejects.toMatchObject({ code: 'COMPARE_TOO_LARGE' })
  })

  test('refuses what is no field, and more of them than there may be', () => {
    for (const wrong of ['', 'timestamp', 'body.', 'status.x', `body.${'x'.repeat(300)}`])
      expect(() => IgnoreRules.parse([wrong])).toThrow('no field')
    const many = Array.from({ length: 64 }, (_, at) => `body.f${at}`)
    expect(IgnoreRules.parse(many).ignores('reply', ['f63', 'below'])).toBe(true)
    expect(() => IgnoreRules.parse([...many, 'body.more'])).toThrow('at most 64')
  })
})
