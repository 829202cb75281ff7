import { Readable } from 'node:stream'
import { runCli } from '../main/cli/run-cli'

export type Line = Record<string, unknown> & { readonly event: string }

/** A command line that runs in this process, with its output as it grows. */
export class CliRun {
  /** Resolves with the exit code. */
  readonly exit: Promise<number>
  readonly #stop = new AbortController()
  readonly #watchers = new Set<() => void>()
  #stdout = Buffer.alloc(0)
  #stderr = ''

  constructor(argv: readonly string[], stdin: readonly Uint8Array[] = []) {
    this.exit = runCli(argv, {
      stdout: (chunk) => this.#grow(Buffer.from(chunk as Uint8Array)),
      stderr: (text) => {
        this.#stderr += text
      },
      stdin: Readable.from(stdin),
      signal: this.#stop.signal,
      env: {},
    })
  }

  get stdout(): Buffer {
    return this.#stdout
  }

  get stderr(): string {
    return this.#stderr
  }

  get lines(): Line[] {
    const text = this.#stdout.toString()
    return text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line)
  }

  /** What SIGINT does. */
  interrupt(): Promise<number> {
    this.#stop.abort()
    return this.exit
  }

  /** The first line, written or still to come, for which `matches` holds. Rejects when the run ends without it. */
  async line(matches: (line: Line) => boolean): Promise<Line> {
    for (;;) {
      const found = this.lines.find(matches)
      if (found) return found
      const grown = new Promise<'grown'>((resolve) => this.#watchers.add(() => resolve('grown')))
      if ((await Promise.race([grown, this.exit])) === 'grown' || this.lines.some(matches)) continue
      throw new Error(`the run ended without this line:\n${this.#stdout.toString()}\n${this.#stderr}`)
    }
  }

  /** The address that the first line names. */
  async url(): Promise<string> {
    return String((await this.line(({ event }) => event === 'listening'))['url'])
  }

  #grow(chunk: Buffer): void {
    this.#stdout = Buffer.concat([this.#stdout, chunk])
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#watchers) wake()
    this.#watchers.clear()
  }
}
