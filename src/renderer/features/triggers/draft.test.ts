import { describe, expect, test } from 'vitest'
import { contentOf, cooldownMs, filterState, newDraft } from './draft'

describe('the form of a trigger', () => {
  test('gives what is saved: a trigger without a name is called by its filter', () => {
    expect(contentOf({ ...newDraft(' rep '), cooldown: ' 2 000 ' })).toMatchObject({
      name: 'rep',
      filter: 'rep',
      cooldownMs: 2000,
      moment: 'settled',
      isEnabled: true,
    })
    expect(contentOf({ ...newDraft('rep'), name: ' Hot ' })?.name).toBe('Hot')
  })

  test.each(['49', '86400001', '1e3', '', '-5', '1.5'])('refuses the cooldown %j', (text) => {
    expect(cooldownMs(text)).toBeNull()
    expect(contentOf({ ...newDraft('rep'), cooldown: text })).toBeNull()
  })

  test.each(['0', '1441', '', 'five'])('refuses to save %j minutes', (save) => {
    expect(contentOf({ ...newDraft('rep'), save })).toBeNull()
    expect(contentOf({ ...newDraft('rep'), save: ' 1440 ' })?.actions.saveMinutes).toBe(1440)
    expect(contentOf(newDraft('rep'))?.actions.saveMinutes).toBe(0)
  })

  test('says what is wrong with a filter, and where', () => {
    expect(filterState(' ')).toEqual({ kind: 'empty' })
    expect(filterState('rep and msg.rout == "a"')).toMatchObject({
      kind: 'bad',
      problem: { from: 8, suggestion: 'msg.route' },
    })
    expect(contentOf(newDraft('msg.rout'))).toBeNull()
  })
})
