import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseLinkUrl } from '../../shared/model/link-url'
import { Arguments } from './arguments'
import { COMMANDS } from './run-cli'

const ROOT = join(import.meta.dirname, '../../..')
const DOCUMENTS = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md'),
)

interface Shown {
  readonly line: string
  readonly command: string
  readonly argv: readonly string[]
}

const examples = DOCUMENTS.flatMap((name) => shownIn(readFileSync(join(ROOT, name), 'utf8')))

describe('the documents', () => {
  test('show command lines, and enough of them for this test to mean something', () => {
    expect(examples.length).toBeGreaterThan(20)
  })

  test.each(examples)('show a command line that the program takes: $line', ({ command, argv }) => {
    const known = COMMANDS.find(({ name }) => name === command)
    expect(known, `${command} is a command`).toBeDefined()
    const args = new Arguments(argv, known!)
    known!.positionals.forEach((name, index) => {
      const text = args.positional(index)
      if (name === 'URL' && text.includes(':')) parseLinkUrl(text)
    })
  })

  test('list in the synopsis every command with every option', () => {
    const text = readFileSync(join(ROOT, 'docs/command-line.md'), 'utf8')
    const synopsis = text.slice(text.indexOf('```'), text.indexOf('`netcore COMMAND --help`'))
    const missing = COMMANDS.flatMap(({ name, options }) => {
      const entries = synopsis.split(/^netcore /m).filter((entry) => entry.startsWith(`${name} `))
      if (name !== 'ports' && entries.length === 0) return [name]
      return Object.entries(options)
        .filter(([option, { short }]) => {
          const written = short === undefined ? `--${option}\\b` : `(--${option}|-${short})\\b`
          return !entries.some((entry) => new RegExp(written).test(entry))
        })
        .map(([option]) => `${name} --${option}`)
    })
    expect(missing).toEqual([])
  })
})

/** Command lines in blocks of `sh`: those of this program, without what the shell does with their output. */
function shownIn(markdown: string): Shown[] {
  return [...markdown.matchAll(/^```(?:sh|bash|console)\n(.*?)^```/gms)].flatMap(([, block]) =>
    block!
      .replaceAll('\\\n', ' ')
      .split('\n')
      .flatMap((line) => {
        const call = /(?:^|[(|&]\s*|^\$ )(?:npx netcore|node out\/cli\/netcore\.js|netcore) (.*)$/.exec(
          line,
        )?.[1]
        if (call === undefined) return []
        const [command = '', ...argv] = words(call)
        return [{ line: call, command, argv }]
      }),
  )
}

/** Words as a shell makes them, up to the first that belongs to the shell itself. */
function words(text: string): string[] {
  const found: string[] = []
  for (const [word] of text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) {
    if (/^(\||&&?|>|<|2>|#|;|\)).*/.test(word)) break
    const isLast = /^[^"'(]+\)$/.test(word) // of `$(netcore …)`
    found.push((isLast ? word.slice(0, -1) : word).replace(/"([^"]*)"|'([^']*)'/g, '$1$2'))
    if (isLast) break
  }
  return found
}
