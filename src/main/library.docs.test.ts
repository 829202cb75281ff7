import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ExampleFolder, examplesOf, printedBy, typeProblems } from '../testing/doc-examples'

const ROOT = join(import.meta.dirname, '../..')
const examples = examplesOf(readFileSync(join(ROOT, 'docs/library.md'), 'utf8'))
const folder = new ExampleFolder(join(ROOT, '.cache/doc-examples/library'), join(ROOT, 'src/main/library'))
const modules = examples.map((example) => ({ ...example, path: folder.write(example) }))

describe('docs/library.md', () => {
  test.each(modules)(
    'the example "$name" prints what the page says, and leaves nothing open',
    async (example) => {
      const before = openHandles()
      expect(await printedBy(example.path)).toBe(example.expected)
      for (let turn = 0; turn < 200 && openHandles().length > before.length; turn++) {
        await new Promise((resolve) => setImmediate(resolve))
      }
      expect(openHandles().length).toBeLessThanOrEqual(before.length)
    },
  )

  test('all examples are right by the strict types of the project', { timeout: 60_000 }, () => {
    expect(modules.length).toBeGreaterThan(10)
    expect(
      typeProblems(
        modules.map(({ path }) => path),
        join(ROOT, 'tsconfig.node.json'),
      ),
    ).toEqual([])
  })
})

/** What would keep a process alive. */
const openHandles = (): string[] =>
  process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout|Pipe|Serial|FileHandle/.test(kind))
