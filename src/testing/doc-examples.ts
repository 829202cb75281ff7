import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { format } from 'node:util'
import ts from 'typescript'

/** A program in a document: a fenced block ```` ```ts NAME ````, and what it prints in a block ```` ```text ```` behind it. */
export interface DocExample {
  readonly name: string
  readonly code: string
  readonly expected: string
  /** Line of the document where the code begins, from 1. */
  readonly line: number
}

const FENCE = /^```(\w*) ?(.*)$/

/**
 * The programs of a document, in order. Blocks of TypeScript without a name are fragments, and not run.
 *
 * @throws Error when a name comes twice, or a program has no output behind it: then nothing could be checked.
 */
export function examplesOf(markdown: string): DocExample[] {
  const blocks: { language: string; name: string; text: string; line: number }[] = []
  let open: { language: string; name: string; lines: string[]; line: number } | undefined
  markdown.split('\n').forEach((line, index) => {
    const [isFence, language = '', name = ''] = FENCE.exec(line) ?? []
    if (isFence === undefined) open?.lines.push(line)
    else if (open === undefined) open = { language, name: name.trim(), lines: [], line: index + 2 }
    else {
      blocks.push({ ...open, text: open.lines.join('\n') })
      open = undefined
    }
  })
  const examples = blocks.flatMap(({ language, name, text, line }, index): DocExample[] => {
    if (language !== 'ts' || name === '') return []
    const next = blocks[index + 1]
    if (next?.language !== 'text') throw new Error(`the example "${name}" does not say what it prints`)
    return [{ name, code: text, expected: next.text.trim(), line }]
  })
  const names = new Set(examples.map(({ name }) => name))
  if (names.size < examples.length) throw new Error('two examples have the same name')
  return examples
}

/** Programs of one document as modules, where the test runner and the type checker find them. */
export class ExampleFolder {
  readonly #folder: string
  readonly #library: string

  /**
   * @param folder - Made anew.
   * @param library - The module that the examples import as `netcore-console`.
   */
  constructor(folder: string, library: string) {
    this.#folder = folder
    this.#library = relative(folder, library)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
  }

  write(example: DocExample): string {
    const path = join(this.#folder, `${example.name}.ts`)
    // `export {}` makes a module also of one that imports nothing: it may wait at its top level.
    const code = example.code.replaceAll("from 'netcore-console'", `from '${this.#library}'`)
    writeFileSync(path, `${code}\nexport {}\n`)
    return path
  }
}

/** Runs a module, and gives what it prints by `console.log`. */
export async function printedBy(path: string): Promise<string> {
  const lines: string[] = []
  const { log } = console
  console.log = (...values: unknown[]) => void lines.push(format(...values))
  try {
    await import(path)
  } finally {
    console.log = log
  }
  return lines.join('\n').trim()
}

/** What the type checker says of these modules, by the settings of the project. */
export function typeProblems(paths: readonly string[], config: string): string[] {
  const { config: settings } = ts.readConfigFile(config, (path) => readFileSync(path, 'utf8')) as {
    config: unknown
  }
  const { options } = ts.parseJsonConfigFileContent(settings, ts.sys, process.cwd())
  const program = ts.createProgram([...paths], options)
  return paths
    .flatMap((path) => ts.getPreEmitDiagnostics(program, program.getSourceFile(path)))
    .map(({ file, start, messageText }) => {
      const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
      return `${file?.fileName ?? ''}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
}
