import {
  DEFAULT_REPLAY_SEED,
  DEFAULT_REPLAY_TIMEOUT_MS,
  isReplayOpen,
  MAX_REPLAY_SEED,
  MAX_REPLAY_SPEED,
  MAX_REPLAY_TIMEOUT_MS,
  MIN_REPLAY_SPEED,
  REPLAY_POLICIES,
  type ReplayPolicy,
  shortRunHash,
} from '../../../shared/model/replay'
import { ConsoleError, type ErrorCode } from '../../../shared/errors'
import type { LinkAddress } from '../../../shared/model/link-url'
import { loadScript } from '../../operate/replay/load-script'
import type { ReplayProgress, ReplayRun } from '../../operate/replay/replay-run'
import { RunRecorder } from '../../operate/replay/run-recorder'
import { startReplay } from '../../operate/replay/start-replay'
import { RecordingFiles } from '../../recording/read/recording-files'
import { RecordingTrace } from '../../recording/read/recording-trace'
import { loadDecompress } from '../../recording/read/unpack-block'
import { isPtyUrl, openPtyPair, ptyAt } from '../../transport/pty-pair'
import { SystemClock } from '../../transport/system-clock'
import { type Arguments, usageError } from '../arguments'
import type { CliIo } from '../cli-io'
import type { Command, CommandContext } from '../command'
import { readLinkAddress } from '../link-argument'
import { listeningUrl } from '../listening-url'
import { PROGRAM } from '../program'
import { recordingPath } from '../recording-path'
import { redactedWords } from '../redacted-words'
import { rounded } from '../rounded'
import { createSession } from '../session'
import { TraceLines } from '../trace-lines'

const MAX_RECORDED_LINK = 1_000_000

export const replay: Command = {
  name: 'replay',
  summary: 'Plays a recording: prints it as it happened, or sends one side of it to a live peer.',
  positionals: ['FILE.mcap'],
  options: {
    to: { value: 'URL', help: 'sends what the host sent: to a device, a port, or sim:demo' },
    'as-device': {
      value: 'URL',
      help: 'answers a host as the device did, at this address or port, or at a port made for it: pty:',
    },
    policy: {
      value: 'time|reply|step',
      help: 'when each message goes: at its time, when what came before it came again, on Enter (default: reply with a peer, else time)',
    },
    speed: { value: 'X', help: 'of the policy time: 0.1 to 100, or max (default: 1)' },
    seed: { value: 'N', help: 'of the ids of the run, and of a simulated device (default: 1)' },
    link: { value: 'N', help: 'which link of the recording (default: the one with the most messages)' },
    timeout: { value: 'MS', help: 'how long what the recording has is waited for (default: 10000)' },
    'stop-at-difference': { help: 'ends with exit code 6 at the first difference from the recording' },
    record: { value: 'OTHER.mcap', help: 'records the run, to be compared with the recording' },
  },
  notes: [
    'A run with a peer ends with a SHA-256 of what it sent: the same recording, policy and seed give the same again.',
    'With --as-device the first line names the address with its real port.',
  ],
  async run(context) {
    const { args, io } = context
    const to = args.text('to')
    const asDevice = args.text('as-device')
    if (to !== undefined && asDevice !== undefined)
      throw usageError('--to and --as-device are two different runs')
    const speed = readSpeed(args)
    const url = to ?? asDevice
    if (url === undefined) return viewRecording(context, speed, readPolicy(args, 'time'))
    const policy = readPolicy(args, args.has('speed') ? 'time' : 'reply')
    const run = { policy, speed, isDevice: asDevice !== undefined }
    if (to !== undefined || !isPtyUrl(url)) return playToPeer(context, readLinkAddress(url, io), run)
    const pair = await openPtyPair(io.signal)
    try {
      const [own, shown] = [pair.ours, pair.theirs].map((path) => readLinkAddress(ptyAt(url, path), io))
      await playToPeer(context, own!, { ...run, shown: shown! })
    } finally {
      await pair.close()
    }
  },
}

/** Null: as fast as possible. @throws ConsoleError `OPTION_INVALID`. */
function readSpeed(args: Arguments): number | null {
  const text = args.text('speed') ?? '1'
  if (text === 'max') return null
  const speed = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && speed >= MIN_REPLAY_SPEED && speed <= MAX_REPLAY_SPEED) return speed
  throw usageError(
    `--speed ${text} is not a number from ${MIN_REPLAY_SPEED} to ${MAX_REPLAY_SPEED}, and not max`,
  )
}

function readPolicy(args: Arguments, fallback: ReplayPolicy): ReplayPolicy {
  const text = args.text('policy')
  const policy = text === undefined ? fallback : REPLAY_POLICIES.find((each) => each === text)
  if (policy !== undefined) return policy
  throw usageError(`--policy is one of ${REPLAY_POLICIES.join(', ')}`)
}

/** The trace, as `monitor` would have shown it. */
async function viewRecording(
  { args, io, out }: CommandContext,
  speed: number | null,
  policy: ReplayPolicy,
): Promise<void> {
  if (policy === 'reply') throw usageError('--policy reply needs somebody who replies: --to or --as-device')
  const linkId = args.integer('link', 1, MAX_RECORDED_LINK) ?? null
  const source = await RecordingFiles.open(args.positional(0))
  const enters = policy === 'step' ? linesOf(io) : null
  try {
    const trace = new RecordingTrace(source, await loadDecompress())
    const lines = new TraceLines(out, { hasFrames: true, hasAccounts: true, isHeld: false })
    const clock = new SystemClock()
    let originMs: number | null = null
    for await (const { event } of trace.entries(io.signal)) {
      if (event === undefined || (linkId !== null && event.linkId !== linkId)) continue
      originMs ??= event.atMs
      if (policy === 'time' && speed !== null) {
        await waitUntil(clock, (event.atMs - originMs) / speed, io.signal)
        if (io.signal.aborted) return
      }
      if (enters !== null && event.type === 'message-closed' && !(await enters.next())) return
      lines.onTrace(event)
    }
    if (originMs === null && !io.signal.aborted) {
      throw new ConsoleError('RECORDING_INVALID', `${args.positional(0)} has no entry that can be read`)
    }
  } finally {
    enters?.close()
    await source.close()
  }
}

function waitUntil(clock: SystemClock, atMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || clock.nowMs() >= atMs) return Promise.resolve()
  return new Promise((resolve) => {
    const over = (): void => {
      cancel()
      signal.removeEventListener('abort', over)
      resolve()
    }
    const cancel = clock.schedule(atMs, over)
    signal.addEventListener('abort', over, { once: true })
  })
}

async function playToPeer(
  { args, io, out }: CommandContext,
  address: LinkAddress,
  {
    policy,
    speed,
    isDevice,
    shown,
  }: { policy: ReplayPolicy; speed: number | null; isDevice: boolean; shown?: LinkAddress },
): Promise<void> {
  const path = args.positional(0)
  const linkId = args.integer('link', 1, MAX_RECORDED_LINK) ?? null
  const seed = args.integer('seed', 0, MAX_REPLAY_SEED) ?? DEFAULT_REPLAY_SEED
  const timeoutMs = args.integer('timeout', 1, MAX_REPLAY_TIMEOUT_MS) ?? DEFAULT_REPLAY_TIMEOUT_MS
  const stopAtDifference = args.has('stop-at-difference')
  const recordTo = args.has('record') ? recordingPath(args.text('record')) : undefined
  const lines = new TraceLines(out, { hasFrames: false, isHeld: true })
  const links = createSession({ onTrace: lines.onTrace })
  const enters = policy === 'step' ? linesOf(io) : null
  try {
    const side = isDevice ? 'device' : 'host'
    const script = await loadScript(path, side, linkId, { signal: io.signal, store: links.store })
    const target = { kind: 'address', address } as const
    let told = 0
    const onChange = (): void => {
      for (const difference of run.progress.told.slice(told)) {
        const { kind, route, detail, atMs } = difference
        out.line(
          { event: 'difference', kind, route, detail, atMs: rounded(atMs) },
          `${kind} ${route}: ${detail}`,
        )
        told += 1
      }
    }
    let pending = false
    const started = startReplay({
      links,
      script,
      target,
      policy,
      speed,
      seed,
      stopAtDifference,
      timeoutMs,
      onChange: () => {
        if (pending) return
        pending = true
        queueMicrotask(() => {
          pending = false
          onChange()
        })
      },
    })
    const { run, handle, closed, isOfRun } = started
    const recorder =
      recordTo === undefined
        ? undefined
        : new RunRecorder({
            links,
            startedAtMs: Date.now() - links.clock.nowMs(),
            path: recordTo,
            library: PROGRAM,
            replayOf: path,
            policy,
            speed,
            seed,
            url: address.text,
            isOfRun,
            onProblem: (problem) => run.fail(problem),
          })
    if (handle.listener) await handle.listener.open()
    if (isDevice || handle.listener) {
      const url = listeningUrl(shown ?? handle.address)
      out.line({ event: 'listening', url }, `listening on ${url}`)
    }
    if (script.redaction !== null) out.note(redactedWords(script.redaction))
    out.note(`${script.own.length} messages of ${path} go ${isDevice ? 'to the host' : 'to'} ${address.text}`)
    lines.begin()
    const stop = (): void => run.stop()
    io.signal.addEventListener('abort', stop, { once: true })
    if (io.signal.aborted) stop()
    if (enters !== null) void stepOnEnter(run, enters)
    await closed
    onChange()
    await recorder?.end(run.progress)
    const { progress } = run
    out.line({ event: 'replayed', policy, seed, ...summaryOf(progress) }, summaryText(progress))
    throwFailure(progress, stopAtDifference)
  } finally {
    enters?.close()
    await links.closeAll()
  }
}

function summaryOf(progress: ReplayProgress) {
  const { phase, sent, total, skipped, matched, differences, interruptions, late, hash, orderHash } = progress
  return {
    state: phase,
    sent,
    total,
    skipped,
    matched,
    differences,
    interruptions,
    lateMs: late && { p50: rounded(late.p50Ms), p99: rounded(late.p99Ms), max: rounded(late.maxMs) },
    sha256: hash ?? '',
    orderSha256: orderHash ?? '',
  }
}

function summaryText(progress: ReplayProgress): string {
  const { sent, total, skipped, matched, differences, late, hash, orderHash } = progress
  const lateness =
    late === null
      ? ''
      : `, late p50 ${late.p50Ms.toFixed(2)} p99 ${late.p99Ms.toFixed(2)} max ${late.maxMs.toFixed(2)} ms`
  const left = skipped === 0 ? '' : `, ${skipped} not whole in the recording`
  const run =
    hash === null || orderHash === null ? '' : `\nrun ${shortRunHash(hash, orderHash)} sha256 ${hash}`
  return `${sent} of ${total} sent${left}, ${matched} came as recorded, ${differences} differences${lateness}${run}`
}

function throwFailure({ problem, differences }: ReplayProgress, stopAtDifference: boolean): void {
  if (problem !== null) {
    throw new ConsoleError(problem.code as ErrorCode, problem.message, { remedy: problem.remedy })
  }
  if (stopAtDifference && differences > 0) {
    throw new ConsoleError('REPLAY_DIFFERENCES', 'the run is not the same as the recording')
  }
}

interface EnterLines {
  /** Resolves with true at the next line, with false at the end of the input. */
  next(): Promise<boolean>
  close(): void
}

/** Each line of the standard input, whatever is on it. */
function linesOf(io: CliIo): EnterLines {
  const waiting: ((isThere: boolean) => void)[] = []
  const read = { lines: 0, hasEnded: false }
  const end = (): void => {
    read.hasEnded = true
    for (const resolve of waiting.splice(0)) resolve(false)
  }
  void (async () => {
    for await (const chunk of io.stdin) {
      for (const byte of chunk) {
        if (byte !== 0x0a) continue
        const resolve = waiting.shift()
        if (resolve === undefined) read.lines += 1
        else resolve(true)
      }
      if (read.hasEnded) return
    }
  })().then(end, end)
  io.signal.addEventListener('abort', end, { once: true })
  return {
    next: () => {
      if (read.lines > 0) {
        read.lines -= 1
        return Promise.resolve(true)
      }
      return read.hasEnded ? Promise.resolve(false) : new Promise((resolve) => waiting.push(resolve))
    },
    close: end,
  }
}

/** Until the run or the input has ended; without further input the run ends too. */
async function stepOnEnter(run: ReplayRun, enters: EnterLines): Promise<void> {
  while (isReplayOpen(run)) {
    if (await enters.next()) run.step()
    else return
  }
}
