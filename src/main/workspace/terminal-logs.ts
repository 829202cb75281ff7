import { join } from 'node:path'
import type { TerminalLogShape, TerminalLogState } from '../../shared/model/terminal'
import type { TraceEvent } from '../../shared/model/trace'
import { DEFAULT_LOG_LIMITS, logPath, TerminalLog, type TerminalLogLimits } from './terminal-log'

export const logsDir = (workspaceDir: string): string => join(workspaceDir, 'logs')

/** Everything a log needs to know of its link and of the day. */
export interface NewLog {
  readonly linkId: number
  readonly linkName: string
  readonly shape: TerminalLogShape
  readonly hasTimes: boolean
  readonly startedAtMs: number
  readonly date: Date
}

const NONE: TerminalLogState = { path: null, isRunning: false, bytes: 0, problem: null }

/** The logs of the terminals: at most one per link. Each goes on until it is stopped, whoever looks or not. */
export class TerminalLogs {
  readonly #dir: string
  readonly #limits: TerminalLogLimits
  readonly #logs = new Map<number, TerminalLog>()
  readonly #starting = new Map<number, Promise<TerminalLogState>>()

  constructor(dir: string, limits: TerminalLogLimits = DEFAULT_LOG_LIMITS) {
    this.#dir = dir
    this.#limits = limits
  }

  readonly observe = (event: TraceEvent): void => {
    if (event.type !== 'bytes' || this.#logs.size === 0) return
    this.#logs.get(event.linkId)?.push(event)
  }

  /** A log that runs already goes on. Rejects with `FILE_UNWRITABLE`. */
  start(asked: NewLog): Promise<TerminalLogState> {
    const { linkId } = asked
    const starting = this.#starting.get(linkId)
    if (starting !== undefined) return starting
    if (this.status(linkId).isRunning) return Promise.resolve(this.status(linkId))
    const started = this.#open(asked).finally(() => this.#starting.delete(linkId))
    this.#starting.set(linkId, started)
    return started
  }

  /** Resolves when the file is closed. */
  async stop(linkId: number): Promise<TerminalLogState> {
    await this.#starting.get(linkId)?.catch(() => undefined) // told to who asked for it
    const log = this.#logs.get(linkId)
    if (log === undefined) return NONE
    this.#logs.delete(linkId)
    await log.close()
    return { ...stateOf(log), isRunning: false }
  }

  status(linkId: number): TerminalLogState {
    const log = this.#logs.get(linkId)
    return log === undefined ? NONE : stateOf(log)
  }

  async closeAll(): Promise<void> {
    const linkIds = new Set([...this.#logs.keys(), ...this.#starting.keys()])
    await Promise.all([...linkIds].map((linkId) => this.stop(linkId)))
  }

  async #open({ linkId, linkName, shape, hasTimes, startedAtMs, date }: NewLog): Promise<TerminalLogState> {
    await this.#logs.get(linkId)?.close()
    const path = await logPath(this.#dir, linkName, shape, date)
    const log = await TerminalLog.open({ path, shape, hasTimes, startedAtMs, limits: this.#limits })
    this.#logs.set(linkId, log)
    return stateOf(log)
  }
}

function stateOf(log: TerminalLog): TerminalLogState {
  const { path, bytes, problem } = log
  const words = problem === null ? null : { code: problem.code, message: problem.message }
  return { path, isRunning: problem === null, bytes, problem: words }
}
