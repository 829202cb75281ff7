import { ConsoleError, asConsoleError } from '../../../shared/errors'
import type { CommandName, CommandRequest } from '../../../shared/contract/contract'
import { formatLinkUrl, isListening, parseLinkUrl } from '../../../shared/model/link-url'
import { recordingStem } from '../../../shared/model/recording-name'
import {
  DEFAULT_REPLAY_TIMEOUT_MS,
  isReplayOpen,
  type ReplayNews,
  type ReplayState,
} from '../../../shared/model/replay'
import type { Links } from '../../link/links'
import { type LoadedScript, loadScript } from '../../operate/replay/load-script'
import type { ReplayScript } from '../../operate/replay/replay-script'
import {
  type RunTarget,
  simulatorLike,
  type StartedReplay,
  startReplay,
} from '../../operate/replay/start-replay'
import { RunRecorder } from '../../operate/replay/run-recorder'
import type { RecordingFolder } from '../../recording/library/recording-folder'
import type { Feed } from '../console-types'
import { PacedFeed } from '../feeds/paced-feed'
import type { Handlers } from '../handlers/handlers'
import { isPtyUrl, openPtyPair, ptyAt, type PtyPair } from '../../transport/pty-pair'
import { linkTitle } from '../link-title'

const REPLAY_INTERVAL_MS = 100

export interface ReplayDeskOptions {
  readonly links: Links
  readonly folder: RecordingFolder
  /** Wall clock at session time 0, in milliseconds since 1970. */
  readonly startedAtMs: number
  /** Program and version. */
  readonly library: string
  /** A link that was opened for a run is gone. */
  readonly onLinkGone: (linkId: number) => void
  /** Something beside the run failed, such as writing it down. */
  readonly onProblem: (problem: ConsoleError) => void
}

type ReplayCommand = Extract<CommandName, `replay.${string}`>
type Wish = CommandRequest<'replay.start'>

/** The run that was asked for last: before it may begin, while it goes on, and when it has ended. */
interface Kept {
  readonly runId: number
  readonly wish: Wish
  readonly script: LoadedScript
  readonly target: RunTarget
  readonly title: string
  readonly needsConsent: boolean
  /** A serial port that was made for the run. */
  readonly port: PtyPair | null
  started: StartedReplay | null
  /** Resolves when the run has ended and what was written of it is whole. */
  done: Promise<void> | null
  isGivenUp: boolean
  madeRecording: string | null
}

/** Plays recordings to live peers for the screen: one run at a time, and asks before it writes to hardware. */
export class ReplayDesk {
  readonly handlers: Pick<Handlers, ReplayCommand>
  readonly #options: ReplayDeskOptions
  readonly #listeners = new Set<() => void>()
  #kept: Kept | null = null
  #isLoading = false
  #lastRunId = 0
  #version = 0

  constructor(options: ReplayDeskOptions) {
    this.#options = options
    this.handlers = {
      'replay.start': async (wish) => ({ runId: await this.#start(wish) }),
      'replay.confirm': ({ runId }) => {
        const kept = this.#expect(runId)
        if (kept.started === null && !kept.isGivenUp) this.#begin(kept)
        return {}
      },
      'replay.step': ({ runId }) => {
        this.#expect(runId).started?.run.step()
        return {}
      },
      'replay.stop': ({ runId }) => {
        const kept = this.#expect(runId)
        kept.isGivenUp = true
        if (kept.started === null) kept.script.release()
        else kept.started.run.stop()
        this.#tell()
        return {}
      },
    }
  }

  /** The run that was asked for last, whenever something about it changed. */
  feed(): Feed<ReplayNews> {
    const touch = (): void => feed.touch()
    this.#listeners.add(touch)
    let told = -1
    const feed = new PacedFeed<ReplayNews>(this.#options.links.clock, {
      intervalMs: REPLAY_INTERVAL_MS,
      produce: () => {
        if (told === this.#version) return undefined
        told = this.#version
        return { run: this.#kept === null ? null : stateOf(this.#kept) }
      },
      hasMore: () => false,
      close: () => void this.#listeners.delete(touch),
    })
    return feed
  }

  async close(): Promise<void> {
    this.#kept?.started?.run.stop()
    await this.#kept?.done
    this.#listeners.clear()
  }

  #tell(): void {
    this.#version += 1
    for (const listener of [...this.#listeners]) listener()
  }

  /** @throws ConsoleError `REPLAY_UNKNOWN`. */
  #expect(runId: number): Kept {
    if (this.#kept?.runId === runId) return this.#kept
    throw new ConsoleError('REPLAY_UNKNOWN', `there is no run ${runId}`, { runId })
  }

  async #start(wish: Wish): Promise<number> {
    const { folder, links } = this.#options
    if (this.#isLoading || (this.#kept !== null && isReplayOpen(stateOf(this.#kept)))) {
      throw new ConsoleError('REPLAY_BUSY', 'a run goes on')
    }
    this.#isLoading = true
    try {
      const side = wish.target.kind === 'listen' ? 'device' : 'host'
      const path = folder.pathOf(wish.recording)
      const script = await loadScript(path, side, wish.recordedLink, { store: links.store })
      const kept: Kept = {
        runId: this.#lastRunId + 1,
        wish,
        script,
        ...(await this.#targetOf(wish, script)),
        started: null,
        done: null,
        isGivenUp: false,
        madeRecording: null,
      }
      try {
        if (!kept.needsConsent) this.#begin(kept)
      } catch (error) {
        script.release()
        await kept.port?.close()
        throw error
      }
      this.#lastRunId = kept.runId
      this.#kept = kept
      this.#tell()
      return kept.runId
    } finally {
      this.#isLoading = false
    }
  }

  /** @throws ConsoleError `LINK_UNKNOWN`, `LINK_NOT_CONNECTED`, `PTY_UNAVAILABLE`, and as `parseLinkUrl`. */
  async #targetOf(
    { target, seed }: Wish,
    script: ReplayScript,
  ): Promise<Pick<Kept, 'target' | 'title' | 'needsConsent' | 'port'>> {
    const port = null
    const { links } = this.#options
    switch (target.kind) {
      case 'simulator': {
        const address = simulatorLike(script.url, seed)
        return { target: { kind: 'address', address }, title: linkTitle(address), needsConsent: false, port }
      }
      case 'link': {
        const { address } = links.get(target.linkId)
        links.link(target.linkId)
        return { target, title: linkTitle(address), needsConsent: address.scheme !== 'sim', port }
      }
      case 'listen': {
        if (isPtyUrl(target.url)) return madePort(target.url)
        const address = parseLinkUrl(target.url)
        // A host that comes to a listener wants to be answered; what is at a port, nobody knows.
        return {
          target: { kind: 'address', address },
          title: linkTitle(address),
          needsConsent: !isListening(address),
          port,
        }
      }
    }
  }

  #begin(kept: Kept): void {
    const { links } = this.#options
    const { wish, script, target } = kept
    const { policy, speed, seed, stopAtDifference } = wish
    const timeoutMs = DEFAULT_REPLAY_TIMEOUT_MS
    const onChange = (): void => this.#tell()
    const started = startReplay({
      links,
      script,
      target,
      policy,
      speed,
      seed,
      stopAtDifference,
      timeoutMs,
      onChange,
    })
    kept.started = started
    const recorder = wish.record ? this.#record(kept, started) : null
    kept.done = started.closed.then(async () => {
      script.release()
      if (target.kind === 'address') this.#options.onLinkGone(started.handle.linkId)
      await recorder
        ?.end(started.run.progress)
        .catch((error: unknown) => this.#options.onProblem(asConsoleError(error)))
      await kept.port?.close()
      this.#tell()
    })
    this.#tell()
  }

  #record(kept: Kept, { run, handle, isOfRun }: StartedReplay): RunRecorder {
    const { links, folder, startedAtMs, library } = this.#options
    const { recording, policy, speed, seed } = kept.wish
    folder.make()
    const name = folder.freeName(`${recordingStem(recording).slice(0, 72)} run`)
    kept.madeRecording = name
    return new RunRecorder({
      links,
      startedAtMs,
      path: folder.placeOf(name),
      library,
      replayOf: recording,
      policy,
      speed,
      seed,
      url: handle.address.text,
      isOfRun,
      onProblem: (problem) => run.fail(problem),
    })
  }
}

/** A serial port for a host on this machine. Nobody is asked: only a host that wants answers opens it. */
async function madePort(url: string): Promise<Pick<Kept, 'target' | 'title' | 'needsConsent' | 'port'>> {
  parseLinkUrl(ptyAt(url, '/dev/pts/0')) // options are refused before anything is made
  const port = await openPtyPair()
  const [address, shown] = [port.ours, port.theirs].map((path) => parseLinkUrl(ptyAt(url, path)))
  return {
    target: { kind: 'address', address: address! },
    title: linkTitle(shown!),
    needsConsent: false,
    port,
  }
}

function stateOf({ runId, wish, script, title, port, started, isGivenUp, madeRecording }: Kept): ReplayState {
  const { recording, target, policy, speed, seed } = wish
  const about = { runId, recording, target, targetTitle: title, policy, speed, seed, madeRecording }
  if (started !== null) {
    const { address, linkId } = started.handle
    const { progress } = started.run
    // A listener has its real port now.
    const targetTitle = target.kind === 'listen' && port === null ? linkTitle(address) : title
    const hostOpens =
      port?.theirs ?? (isListening(address) ? formatLinkUrl(address).replace('-listen:', ':') : null)
    return { ...about, ...progress, linkId: progress.linkId || linkId, targetTitle, hostOpens }
  }
  const [first] = script.own
  return {
    ...about,
    hostOpens: null,
    phase: isGivenUp ? 'stopped' : 'confirm',
    linkId: 0,
    sent: 0,
    total: script.own.length,
    skipped: script.skipped,
    matched: 0,
    interruptions: 0,
    late: null,
    differences: 0,
    told: [],
    next:
      first === undefined ? null : { route: first.message.route, kind: first.message.kind, isHeld: false },
    hash: null,
    orderHash: null,
    problem: null,
  }
}
