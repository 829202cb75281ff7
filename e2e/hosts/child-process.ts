import type { ChildProcess } from 'node:child_process'

const END_MS = 10_000

/** A child with its output kept, whose end can be waited for. */
export class WatchedChild {
  readonly process: ChildProcess
  readonly #ended: Promise<number | null>
  #output = ''

  constructor(process: ChildProcess) {
    this.process = process
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding('utf8')
      stream?.on('data', (text: string) => (this.#output += text))
    }
    this.#ended = new Promise((resolve) => process.once('exit', (code) => resolve(code)))
  }

  output(): string {
    return this.#output
  }

  /** Rejects when the child ends; for racing against what it should do instead. */
  async failsWhenEnded(): Promise<never> {
    const code = await this.#ended
    throw new Error(`the program ended with code ${code}:\n${this.#output}`)
  }

  /** Waits for the end that was asked for. Fails on another exit code, or when it does not come. */
  async ends(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<'timeout'>((resolve) => {
      timer = setTimeout(() => resolve('timeout'), END_MS)
    })
    const code = await Promise.race([this.#ended, tooLong])
    clearTimeout(timer)
    if (code === 0) return
    this.process.kill('SIGKILL')
    const what = code === 'timeout' ? `did not end within ${END_MS} ms` : `ended with code ${code}`
    throw new Error(`the program ${what}:\n${this.#output}`)
  }
}
