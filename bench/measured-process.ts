import { type ChildProcess, spawn } from 'node:child_process'
import type { JobName, Jobs, Order, ProcessReport, Reply } from './jobs'

/** No order takes longer on a machine that does anything at all. */
const ORDER_TIMEOUT_MS = 120_000

/** A fresh process of the benchmark, told what to do over its IPC channel. */
export class MeasuredProcess {
  readonly #child: ChildProcess
  readonly #name: string

  /** @param program - The built `process.js`. */
  constructor(program: string, name: string) {
    this.#name = name
    this.#child = spawn(process.execPath, [program], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'json',
    })
  }

  serve(peer: string, isHashing: boolean): Promise<number> {
    return this.#order({ type: 'serve', peer, isHashing }) as Promise<number>
  }

  async connect(peer: string, port: number): Promise<void> {
    await this.#order({ type: 'connect', peer, port })
  }

  run<N extends JobName>(name: N, args: Jobs[N]['args']): Promise<Jobs[N]['result']> {
    return this.#order({ type: 'run', name, args }) as Promise<Jobs[N]['result']>
  }

  async watchHalf(totalBytes: number): Promise<void> {
    await this.#order({ type: 'watch-half', totalBytes })
  }

  report(sha256Of?: number): Promise<ProcessReport> {
    const order: Order = { type: 'report', ...(sha256Of !== undefined && { sha256Of }) }
    return this.#order(order) as Promise<ProcessReport>
  }

  /** Ends in an orderly way and tells of what went wrong in doing so. */
  async end(): Promise<void> {
    await this.#order({ type: 'end' })
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** @throws Error what the process says, that it ended, or that it does not answer. */
  #order(order: Order): Promise<unknown> {
    const child = this.#child
    const what = `${this.#name}: ${order.type}${order.type === 'run' ? ` ${order.name}` : ''}`
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void): void => {
        clearTimeout(timer)
        child.off('message', answered)
        child.off('exit', ended)
        outcome()
      }
      const answered = (reply: Reply): void =>
        settle(() => (reply.ok ? resolve(reply.value) : reject(new Error(`${what}: ${reply.error}`))))
      const ended = (code: number | null): void =>
        settle(() => reject(new Error(`${what}: the process ended with ${String(code)}`)))
      const timer = setTimeout(
        () => settle(() => reject(new Error(`${what}: no answer in ${ORDER_TIMEOUT_MS / 1000} s`))),
        ORDER_TIMEOUT_MS,
      )
      child.on('message', answered)
      child.on('exit', ended)
      child.send(order)
    })
  }
}
