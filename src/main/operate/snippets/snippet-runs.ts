import { ConsoleError } from '../../../shared/errors'
import {
  MAX_KEPT_RUNS,
  MAX_RUNNING_SNIPPETS,
  type RunOrigin,
  type SnippetRunsState,
  type SnippetRunSummary,
  type SnippetRunView,
} from '../../../shared/model/snippets'
import type { ActionResult, SendPlace, SnippetRunner } from '../operate-types'
import { type EndedStep, type RunEnd, SnippetRun } from './snippet-run'
import type { LoadedSnippet, SnippetWorld } from './snippet-world'

export interface RunBeginner {
  readonly origin: RunOrigin
  /** Of the trigger, the task or the profile; empty for the operator. */
  readonly name: string
}

/** A run that began: its number, and how it ends. */
export interface BegunRun {
  readonly runId: number
  /** Never rejects. */
  readonly ended: Promise<RunEnd>
}

interface KeptRun {
  readonly runId: number
  readonly name: string
  readonly title: string
  readonly beginner: RunBeginner
  readonly run: SnippetRun
  readonly startedAtMs: number
  endedAtMs: number | null
  end: RunEnd | null
}

/** The snippets that run and those that ran: begins, stops and shows them. */
export class SnippetRuns implements SnippetRunner {
  readonly #world: SnippetWorld
  readonly #listeners = new Set<() => void>()
  #runs: readonly KeptRun[] = []
  #lastRunId = 0
  #version = 0

  constructor(world: SnippetWorld) {
    this.#world = world
  }

  /**
   * Begins a snippet of the workspace.
   *
   * @throws ConsoleError `SNIPPET_UNKNOWN`, `SNIPPET_INVALID`, `SNIPPETS_TOO_MANY`, `LINK_UNKNOWN`, `LINK_NOT_CONNECTED`.
   */
  start(name: string, place: SendPlace, beginner: RunBeginner): BegunRun {
    return this.startLoaded(name, this.#world.snippet(name), place, beginner)
  }

  /** Begins a snippet that was read already. @throws ConsoleError as `start`. */
  startLoaded(
    name: string,
    loaded: LoadedSnippet,
    place: SendPlace,
    beginner: RunBeginner,
    stepEnded?: (step: EndedStep) => void,
  ): BegunRun {
    const running = this.#runs.filter(({ end }) => end === null)
    if (running.length >= MAX_RUNNING_SNIPPETS) {
      throw new ConsoleError('SNIPPETS_TOO_MANY', `${MAX_RUNNING_SNIPPETS} snippets are running already`)
    }
    const run = new SnippetRun(loaded, place, this.#world, {
      changed: () => this.#tell(),
      ...(stepEnded && { stepEnded }),
    })
    this.#lastRunId += 1
    const kept: KeptRun = {
      runId: this.#lastRunId,
      name,
      title: loaded.snippet.title,
      beginner,
      run,
      startedAtMs: this.#world.clock.nowMs(),
      endedAtMs: null,
      end: null,
    }
    this.#keep(kept)
    const ended = run.run().then((end) => {
      kept.end = end
      kept.endedAtMs = this.#world.clock.nowMs()
      this.#tell()
      return end
    })
    return { runId: kept.runId, ended }
  }

  /** As tasks run a snippet: to its end. */
  async run(name: string, place: SendPlace, signal: AbortSignal): Promise<ActionResult> {
    const { runId, ended } = this.start(name, place, { origin: 'task', name: '' })
    const stop = (): void => this.#stop(runId)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    const { state, detail } = await ended
    signal.removeEventListener('abort', stop)
    const { messageIds, roundTripMs } = this.#expect(runId).run
    return { isOk: state === 'passed', detail, messageIds, roundTripMs }
  }

  /** Stops a run; one that is over stays as it is. @throws ConsoleError `SNIPPET_RUN_UNKNOWN`. */
  stop(runId: number): void {
    this.#expect(runId)
    this.#stop(runId)
  }

  /** Stops all that run: the program ends. */
  stopAll(): void {
    for (const { runId } of this.#runs) this.#stop(runId)
  }

  /** @param runId - The run to be shown in full; null for the newest of `name`, or of all where that is empty. */
  state(runId: number | null, name: string): SnippetRunsState {
    const newestFirst = this.#runs.toReversed()
    const shown =
      runId === null
        ? newestFirst.find((kept) => name === '' || kept.name === name)
        : newestFirst.find((kept) => kept.runId === runId)
    return { runs: newestFirst.map(summaryOf), shown: shown === undefined ? null : viewOf(shown) }
  }

  /** @throws ConsoleError `SNIPPET_RUN_UNKNOWN`. */
  view(runId: number): SnippetRunView {
    return viewOf(this.#expect(runId))
  }

  /** Grows whenever `state` may be another. */
  get version(): number {
    return this.#version
  }

  /** Calls `listener` when something about a run is another: it must be cheap. Returns how to end it. */
  onChange(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  #stop(runId: number): void {
    const kept = this.#runs.find((each) => each.runId === runId)
    kept?.run.stop(new ConsoleError('SNIPPET_STOPPED', 'it was stopped'))
  }

  #expect(runId: number): KeptRun {
    const kept = this.#runs.find((each) => each.runId === runId)
    if (kept !== undefined) return kept
    throw new ConsoleError('SNIPPET_RUN_UNKNOWN', `run ${runId} is not kept`, { runId })
  }

  /** The oldest that are over make room. */
  #keep(kept: KeptRun): void {
    const over = this.#runs.filter(({ end }) => end !== null)
    const dropped = new Set(over.slice(0, Math.max(0, over.length - MAX_KEPT_RUNS + 1)))
    this.#runs = [...this.#runs.filter((each) => !dropped.has(each)), kept]
    this.#tell()
  }

  #tell(): void {
    this.#version += 1
    for (const listener of [...this.#listeners]) listener()
  }
}

const summaryOf = ({
  runId,
  name,
  title,
  beginner,
  run,
  startedAtMs,
  endedAtMs,
  end,
}: KeptRun): SnippetRunSummary => ({
  runId,
  name,
  title,
  origin: beginner.origin,
  originName: beginner.name,
  linkId: run.linkId,
  state: end?.state ?? 'running',
  startedAtMs,
  endedAtMs,
  code: end?.problem?.code ?? null,
  detail: end?.detail ?? '',
})

const viewOf = (kept: KeptRun): SnippetRunView => ({
  ...summaryOf(kept),
  steps: kept.run.steps(),
  variables: kept.run.variables(),
  ...kept.run.log.shown(),
  executedSteps: kept.run.executedSteps,
})
