import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../../transport/seeded-random'
import type { HelloFrame } from '../wire/frames'
import { Agreement } from './agreement'

const PEER = 77

const make = (canResume = true): Agreement => new Agreement(seededRandom(1), canResume)

const hello = (over: Partial<HelloFrame>): HelloFrame => ({
  kind: 'hello',
  wantsXsafe: false,
  hasKeptState: false,
  needsPassword: false,
  hasHeard: false,
  highestMajor: 1,
  lowestMajor: 1,
  mySession: PEER,
  yourSession: 0,
  epoch: 0,
  settings: null,
  ...over,
})

/** Up with PEER in epoch 0. */
function upWith(agreement = make()): Agreement {
  agreement.begin()
  agreement.noteProposed()
  agreement.hear(hello({ yourSession: agreement.mySession }))
  agreement.noteUp()
  return agreement
}

describe('Agreement', () => {
  test('agrees once with a HELLO that echoes our number in our epoch; the next such is a duplicate', () => {
    const agreement = make()
    agreement.begin()
    expect(agreement.hear(hello({}))).toBe('heard')
    expect(agreement.isAgreed).toBe(false)
    const echo = hello({ yourSession: agreement.mySession })
    expect(agreement.hear(echo)).toBe('agreed')
    expect(agreement.hear(echo)).toBe('duplicate')
  })

  test('does not agree with a HELLO that echoes another number', () => {
    const agreement = make()
    agreement.begin()
    expect(agreement.hear(hello({ yourSession: agreement.mySession ^ 1 }))).toBe('heard')
    expect(agreement.isAgreed).toBe(false)
  })

  test('takes the higher epoch, and agrees in it at once', () => {
    const agreement = upWith()
    expect(agreement.hear(hello({ yourSession: agreement.mySession, epoch: 3, hasKeptState: true }))).toBe(
      'agreed',
    )
    expect([agreement.epoch, agreement.isKeptByBoth]).toEqual([3, true])
  })

  test('does not agree in a lower epoch', () => {
    const agreement = upWith()
    agreement.begin()
    expect(agreement.epoch).toBe(1)
    expect(agreement.hear(hello({ yourSession: agreement.mySession, epoch: 0 }))).toBe('heard')
    expect([agreement.epoch, agreement.isAgreed]).toEqual([1, false])
  })

  test.each([
    [250, 3, true],
    [3, 250, false],
    [0, 128, true],
    [128, 0, false],
    [0, 127, true],
    [0, 129, false],
  ])('in epoch %i, epoch %i being higher is %s, and both sides see the same', (mine, theirs, isHigher) => {
    const agreement = make()
    agreement.begin()
    agreement.hear(hello({ epoch: mine <= 128 ? mine : 100 }))
    if (mine > 128) agreement.hear(hello({ epoch: mine - 30 }))
    agreement.hear(hello({ epoch: mine }))
    expect(agreement.epoch).toBe(mine)
    agreement.hear(hello({ epoch: theirs }))
    expect(agreement.epoch).toBe(isHigher ? theirs : mine)
  })

  test('proposes a higher epoch on each connection on which something could be heard', () => {
    const agreement = make()
    agreement.begin()
    agreement.begin()
    expect(agreement.epoch).toBe(0)
    agreement.noteProposed()
    agreement.begin()
    expect(agreement.epoch).toBe(1)
    agreement.noteProposed()
    agreement.begin()
    expect(agreement.epoch).toBe(2)
  })

  test('gives up resuming after a hundred epochs that nobody heard, long before "higher" would lose its meaning', () => {
    const agreement = upWith()
    let epochs = 0
    while (epochs < 200 && agreement.begin()) {
      agreement.noteProposed()
      epochs++
    }
    expect(epochs).toBe(100)
    const before = agreement.mySession
    agreement.forget()
    expect(agreement.begin()).toBe(true)
    expect(agreement.mySession).not.toBe(before)
    expect([agreement.epoch, agreement.peerSession, agreement.wasUp]).toEqual([0, 0, false])
  })

  test.each([
    ['another number', { mySession: PEER + 1 }],
    ['no echo', { yourSession: 0 }],
    ['an echo of something else', { yourSession: 5 }],
  ])('sees that a peer it was up with forgot it: %s', (_, over) => {
    const agreement = upWith()
    expect(agreement.hear(hello({ yourSession: agreement.mySession, epoch: 1, ...over }))).toBe('forgotten')
  })

  test('says that it carries state only in an epoch that goes on with the same peer, and always the same', () => {
    const agreement = make()
    agreement.begin()
    agreement.hear(hello({ epoch: 4 }))
    expect(agreement.carriesState).toBe(false)
    agreement.hear(hello({ epoch: 4, yourSession: agreement.mySession }))
    agreement.noteUp()
    expect(agreement.carriesState).toBe(false)
    agreement.noteProposed()
    agreement.begin()
    expect(agreement.carriesState).toBe(true)
    agreement.hear(hello({ epoch: 5, yourSession: agreement.mySession }))
    expect(agreement.carriesState).toBe(true)
  })

  test.each([
    [true, true, true],
    [true, false, false],
    [false, true, false],
  ])(
    'state is kept by both when we can resume (%s) and the peer kept it (%s): %s',
    (canResume, hasKeptState, isKept) => {
      const agreement = upWith(make(canResume))
      const verdict = agreement.hear(hello({ yourSession: agreement.mySession, epoch: 1, hasKeptState }))
      expect([verdict, agreement.isKeptByBoth]).toEqual(['agreed', isKept])
    },
  )

  test('knows its own numbers, also the ones before', () => {
    const agreement = make()
    const numbers = [agreement.mySession]
    for (let more = 0; more < 7; more++) {
      agreement.forget()
      numbers.push(agreement.mySession)
    }
    expect(new Set(numbers).size).toBe(8)
    expect(numbers.every((number) => number > 0 && agreement.isOwn(number))).toBe(true)
    expect(agreement.isOwn(PEER)).toBe(false)
  })
})
