import { describe, expect, test } from 'vitest'
import { Arguments, type ArgumentSpec } from './arguments'

const spec: ArgumentSpec = {
  positionals: ['URL', '[FILE]'],
  options: {
    header: { value: 'k=v', help: '', isList: true },
    repeat: { value: 'N', help: '' },
    hex: { help: '' },
  },
}

const refused = expect.objectContaining({ code: 'OPTION_INVALID' })

describe('arguments', () => {
  test('are read in any order, lists keep all values', () => {
    const args = new Arguments(['--header', 'a=1', 'tcp://x', '--hex', '--header=b=2', '--repeat', '7'], spec)
    expect(args.positional(0)).toBe('tcp://x')
    expect(args.positional(1)).toBe('')
    expect(args.list('header')).toEqual(['a=1', 'b=2'])
    expect(args.has('hex')).toBe(true)
    expect(args.has('jsonl')).toBe(false)
    expect(args.integer('repeat', 1, 10)).toBe(7)
  })

  test.each([
    { argv: ['url', '--colour'], why: 'unknown option' },
    { argv: ['url', '--repeat'], why: 'value missing' },
    { argv: ['url', '--hex=yes'], why: 'a switch takes no value' },
    { argv: [], why: 'argument missing' },
    { argv: ['url', 'file', 'more'], why: 'one argument too many' },
  ])('are refused: $why', ({ argv }) => expect(() => new Arguments(argv, spec)).toThrow(refused))

  test.each(['0', '11', '1.5', 'x', '-1', '1e1', ''])(
    'are refused: --repeat=%s is not from 1 to 10',
    (value) => {
      const args = new Arguments(['url', `--repeat=${value}`], spec)
      expect(() => args.integer('repeat', 1, 10)).toThrow(refused)
    },
  )

  test.each([
    [['url', '--hedaer', 'a=1'], '--hedaer is not an option (perhaps --header)'],
    [['url', '--colour'], '--colour is not an option'],
    [['url', '--repeat'], '--repeat needs a value: --repeat=N'],
    [['url', '--repeat', '--hex'], '--repeat needs a value: --repeat=N'],
    [['url', '--hex=yes'], '--hex takes no value'],
  ])('say of %j what is wrong: %s', (argv, message) => {
    expect(() => new Arguments(argv, spec)).toThrow(message)
  })

  test('take a number below zero as the value of the option before it, and only there', () => {
    expect(new Arguments(['--header', '-5', 'url'], spec).list('header')).toEqual(['-5'])
    expect(() => new Arguments(['url', '-5'], spec)).toThrow('-5 is not an option')
    expect(new Arguments(['--', '--header', '-5'], spec).positional(1)).toBe('-5')
  })

  test('need not be complete when help is asked for', () => {
    expect(new Arguments(['-h'], spec).has('help')).toBe(true)
  })
})
