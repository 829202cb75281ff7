import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const RENDERER = 'src/renderer'

/** Words between tags, and attributes that people read. What stands in braces comes from a catalogue. */
const BETWEEN_TAGS = />\s*([^<>{}()=;]*[a-z]{2,}[^<>{}()=;]*)\s*<\//gi
const READ_ATTRIBUTES = /\b(?:aria-label|title|placeholder|alt)="([^"]*[a-z]{2,}[^"]*)"/gi
/** Names of keys are the same in every language. */
const KEYS = /^(Enter|Esc|Ctrl|Shift|Alt|Tab|Space|Home|End)( [A-Z⏎])?$/

function literalTexts(source: string): string[] {
  return [BETWEEN_TAGS, READ_ATTRIBUTES].flatMap((pattern) =>
    [...source.matchAll(pattern)].map(([, text = '']) => text.trim()).filter((text) => !KEYS.test(text)),
  )
}

test('finds words that stand in the markup', () => {
  expect(literalTexts('<p>Some words</p><b title="More words">{t.x}</b>')).toEqual([
    'Some words',
    'More words',
  ])
  expect(literalTexts('<p>{t.some}</p><kbd>Enter</kbd><b>·</b>')).toEqual([])
})

test('no screen has words of its own: all stand in the catalogues', () => {
  const files = readdirSync(RENDERER, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.tsx'),
  )
  expect(files.length).toBeGreaterThan(50)
  const found = files.flatMap((file) =>
    literalTexts(readFileSync(join(RENDERER, file), 'utf8')).map((text) => `${file}: ${text}`),
  )
  expect(found).toEqual([])
})
