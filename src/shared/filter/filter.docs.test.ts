import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aliasTakesValue } from './aliases'
import { COMPARE_FIELDS, compileFilter, FILTER_ALIASES, FILTER_FIELDS } from './index'
import { MAX_PATTERN_CHARACTERS, MAX_PATTERN_STEPS } from './pattern'

const page = readFileSync(join(import.meta.dirname, '../../../docs/filter-language.md'), 'utf8')
const part = (title: string): string => page.split(`\n## ${title}\n`)[1]!.split('\n## ')[0]!
/** The first cell of each row, without its quotes. */
const firstCells = (title: string): string[] =>
  Array.from(part(title).matchAll(/^\| `((?:\\\||[^`])+)`/gm), ([, cell]) => cell!.replaceAll('\\|', '|'))

describe('docs/filter-language.md', () => {
  test.each(firstCells('Examples'))('the example %s is a filter', (text) => {
    expect(compileFilter(text)).toMatchObject({ ok: true })
  })

  test('has a dozen examples and more', () => {
    expect(firstCells('Examples').length).toBeGreaterThanOrEqual(14)
  })

  test('tells of each field, with its type and all its values', () => {
    const names = FILTER_FIELDS.map(({ name, hasPath }) => (hasPath ? `${name}.PATH` : name))
    expect(firstCells('Fields')).toEqual(names)
    for (const { name, type, values, isClosed, description } of FILTER_FIELDS) {
      const row = part('Fields')
        .split('\n')
        .find((line) => line.startsWith(`| \`${name}\``) || line.startsWith(`| \`${name}.PATH`))!
      expect(row.split(' | ')[1]).toContain(type)
      expect(row).toContain(description)
      if (isClosed && type === 'text')
        expect(row.match(/`[^`]+`/g)?.slice(1)).toEqual(values.map((value) => `\`${value}\``))
    }
  })

  test('tells of the fields of a comparison, which are fields nowhere else', () => {
    const names = COMPARE_FIELDS.map(({ name }) => name)
    const title = 'Fields where two recordings are compared'
    expect(firstCells(title)).toEqual(names)
    for (const { name, description, values } of COMPARE_FIELDS) {
      const row = part(title)
        .split('\n')
        .find((line) => line.startsWith(`| \`${name}\``))!
      expect(row).toContain(description)
      for (const value of values) expect(row).toContain(`\`${value}\``)
      const text = `${name} == 3`.replace(/(kind|field) == 3/, '$1 == equal')
      expect(compileFilter(text, 'compare')).toMatchObject({ ok: true })
      expect(compileFilter(text)).toMatchObject({
        problems: [{ from: 0, message: expect.stringContaining('about two recordings') }],
      })
      expect(compileFilter(`rep.${text}`, 'compare')).toMatchObject({ ok: false })
    }
  })

  test('tells of each short form what it means', () => {
    const rows = FILTER_ALIASES.map(({ name, meaning }) => {
      const value = aliasTakesValue(name) ? ' VALUE' : ''
      return `| \`~${name}${value}\` | \`${meaning.replace('$', 'VALUE')}\` |`
    })
    expect(rows.length).toBeGreaterThan(5)
    for (const row of rows) expect(part('Short forms')).toContain(row)
  })

  test('tells the bounds of patterns', () => {
    expect(part('Patterns')).toContain(
      `at most ${MAX_PATTERN_CHARACTERS} characters and ${MAX_PATTERN_STEPS} steps`,
    )
  })
})
