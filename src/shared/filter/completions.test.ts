import { describe, expect, test } from 'vitest'
import { completionsAt, MAX_COMPLETIONS } from './completions'
import { compileFilter } from './index'

const SEEN = {
  valuesOf: (field: string) => (field === 'msg.route' ? ['cfg.put', 'log "dump"'] : []),
  bodyPaths: ['temp.value'],
}

/** `|` is the caret. */
function labelsAt(marked: string): string[] {
  return completed(marked).items.map(({ label }) => label)
}

function completed(marked: string) {
  const caret = marked.indexOf('|')
  return completionsAt(marked.replace('|', ''), caret, SEEN)
}

describe('completions', () => {
  test.each([
    ['|', ['msg.route', 'msg.kind'], '=='],
    ['msg.ro|', ['msg.route'], 'msg.kind'],
    ['rou|', ['msg.route'], 'msg.kind'],
    ['a and msg.r|', ['msg.route', 'msg.rtt', 'msg.retries', 'msg.ref'], 'msg.kind'],
    ['(|', ['msg.route'], 'and'],
    ['not |', ['msg.route', '~q'], 'or'],
    ['rep.st|', ['rep.status'], 'msg.status'],
    ['body.te|', ['body.temp.value'], 'body'],
    ['~|', ['~r', '~q', '~m'], 'msg.route'],
    ['msg.route |', ['==', 'contains', 'matches', 'in', 'and'], 'msg.route'],
    ['msg.rtt |', ['==', '<', '>='], 'contains'],
    ['marked |', ['==', '!='], '<'],
    ['bytes[0:2] |', ['==', 'contains'], 'matches'],
    ['body.temp.value |', ['==', 'matches'], 'msg.route'],
    ['rep |', ['and', 'or'], '=='],
    ['msg.kind == |', ['request', 'event'], 'and'],
    ['msg.kind == re|', ['request', 'response'], 'event'],
    ['msg.kind in |', ['{'], 'request'],
    ['msg.kind in {|', ['request'], 'and'],
    ['a or msg.kind in {"event", re|', ['request'], 'event'],
    ['rep.status != |', ['received'], 'request'],
    ['msg.route == |', ['cfg.put', 'log "dump"'], 'request'],
    ['msg.route == "cfg.put" |', ['and', 'or'], '=='],
  ])('at %s offer %j and not %s', (marked, offered, other) => {
    const labels = labelsAt(marked)
    expect(labels.filter((label) => offered.includes(label))).toEqual(offered)
    expect(labels).not.toContain(other)
    expect(labels.length).toBeLessThanOrEqual(MAX_COMPLETIONS)
  })

  test('replace the whole word around the caret', () => {
    expect(completed('a and msg.r|ute == 5')).toMatchObject({ from: 6, to: 14 })
  })

  test('give text that is a filter once it is put in', () => {
    for (const [before, after] of [
      ['msg.route == ', ''],
      ['msg.kind in {"event", ', '}'],
      ['not ', ''],
    ] as const) {
      for (const { insert, kind } of completionsAt(before + after, before.length, SEEN).items) {
        const rest = insert.endsWith('.') ? 'x' : kind === 'word' ? 'a' : insert.endsWith(' ') ? '5' : ''
        const result = compileFilter(before + insert + rest + after)
        // Short forms and fields take values of many types: only what is wrong with their words matters here.
        const isKnown =
          result.ok || !result.problems.some(({ message }) => /no field|no short form|missing/.test(message))
        expect([insert, isKnown]).toEqual([insert, true])
      }
    }
  })

  test('are none inside quotes', () => {
    expect(labelsAt('msg.route == "cf|')).toEqual([])
  })
})
