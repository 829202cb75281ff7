import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatRemarks, NO_REMARKS, parseRemarks } from './recording-file'

test('notes and markers beside a recording are read back as they were written', () => {
  const mark = fc.record({
    kind: fc.constantFrom('marker' as const, 'note' as const),
    atMs: fc.integer({ min: 0, max: 1e9 }).map((us) => us / 1000),
    text: fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.constantFrom('a\nb', 'on 1/2 | x', ' | ', '# no', 'a: b', ''),
    ),
    on: fc.option(fc.record({ linkId: fc.nat(99), messageKey: fc.nat(2 ** 31) })),
  })
  fc.assert(
    fc.property(
      fc.array(mark, { maxLength: 6 }),
      fc.uniqueArray(fc.nat(99), { maxLength: 3 }),
      (given, hiddenNotes) => {
        const marks = given.toSorted((a, b) => a.atMs - b.atMs)
        const text = formatRemarks({ ...NO_REMARKS, marks, hiddenNotes }, '# mine\nother: 1\n')
        expect(parseRemarks(text, 'a.yaml').value).toEqual({ ...NO_REMARKS, marks, hiddenNotes })
        expect(text).toContain('# mine\nother: 1')
      },
    ),
    { numRuns: 150 },
  )
})

test.each(['- later marker', '- 5 flag', '- 5 marker on 1', `- 5 note | ${'x'.repeat(4097)}`, '- 1e9 note'])(
  'what is no note is told with its place: %j',
  (line) => {
    expect(parseRemarks(`tags: []\nmarks:\n  ${line}\n`, 'recordings/a.yaml').problem).toMatchObject({
      file: 'recordings/a.yaml',
      line: 3,
    })
  },
)
