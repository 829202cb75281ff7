import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DocExample, ExampleFolder, examplesOf, typeProblems } from './doc-examples'

const page = `# Title
\`\`\`ts first
console.log('a')
\`\`\`
prints
\`\`\`text
a
\`\`\`
\`\`\`ts
fragment
\`\`\`
\`\`\`sh
npm start
\`\`\`
`

test('programs with a name are found with their output; fragments and other languages are not programs', () => {
  expect(examplesOf(page)).toEqual([{ name: 'first', code: "console.log('a')", expected: 'a', line: 3 }])
})

test('a program without output, and a name that comes twice, are mistakes of the page', () => {
  expect(() => examplesOf('```ts lonely\nx\n```\n```sh\ny\n```')).toThrow('does not say what it prints')
  expect(() => examplesOf(page + page)).toThrow('the same name')
})

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'doc-examples-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('a wrong type is told with its line', { timeout: 60_000 }, () => {
  const examples = new ExampleFolder(join(folder, 'x'), join(folder, 'library'))
  const example: DocExample = {
    name: 'wrong',
    code: 'const n: number = 1\nconst s: string = n\nconsole.log(s)',
    expected: '',
    line: 1,
  }
  const [problem, ...more] = typeProblems([examples.write(example)], 'tsconfig.base.json')
  expect(problem).toMatch(/wrong\.ts:2 Type 'number' is not assignable to type 'string'/)
  expect(more).toEqual([])
})
