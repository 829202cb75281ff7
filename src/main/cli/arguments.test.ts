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

  test('need not be complete when help is asked for', () => {
    expect(new Arguments(['-h'], spec).has('help')).toBe(true)
  })
})
