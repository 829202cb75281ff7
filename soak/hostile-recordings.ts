import { createHash } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { setTimeout as passMs } from 'node:timers/promises'
import { buildConsole } from '../src/main/build-console'
import type { Console } from '../src/main/console/console'
import { linkChannelId, sessionChannelId } from '../src/main/recording/format/channels'
import { McapEncoder } from '../src/main/recording/write/mcap-encoder'
import { seededRandom } from '../src/main/transport/seeded-random'
import { type CommandName, type CommandRequest, requestChecks } from '../src/shared/contract/contract'
import type { CommandReply } from '../src/shared/contract/replies'
import { ConsoleError } from '../src/shared/errors'
import { EXPORT_FORMATS } from '../src/shared/model/exports'
import type { SoakCounts, SoakOptions } from './job'

const FILES = 500
const SECRET = 'the-secret-that-lies-outside'
const MOST_GROWTH_BYTES = 256 * 1024 * 1024
const LONGEST_WAIT_MS = 60_000
const LOOK_MS = 20
const MIB = 1024 * 1024

const NAMES = [
  '../x',
  '../../x',
  '..',
  '.',
  '/etc/x',
  '/x',
  'C:\\x',
  'C:x',
  '\\\\host\\x',
  '\\\\?\\C:\\x',
  '..\\x',
  'a/../../x',
  'a\u0000b',
  '\u0000',
  'a\nb',
  'CON',
  'NUL.mcap',
  'x:y',
  '~/x',
  '%2e%2e%2fx',
  '..%2fx',
  '\u202egpj',
  'x\u0000.mcap',
  ' ',
  '-rf',
  'link',
  'folder-link',
  'x'.repeat(90),
] as const
/** What a length in a file may claim. */
const LIES = [
  0n,
  1n,
  0x7fff_ffffn,
  0xffff_ffffn,
  0x1_0000_0000n,
  1n << 53n,
  1n << 63n,
  (1n << 64n) - 1n,
] as const

type Random = (below: number) => number

/** A small recording with everything in it that has a name, each of them hostile. */
function hostileRecording(random: Random, marker = 'inside'): Buffer {
  const name = (): string => NAMES[random(NAMES.length)]!
  const encoder = new McapEncoder({ library: name() })
  const facts = {
    session_id: name(),
    device: name(),
    url: `tcp://${name()}`,
    profile: name(),
    started: name(),
  }
  const parts = [encoder.begin(), encoder.metadata('session', new Map(Object.entries(facts)))]
  const add = (channel: number, fields: object): void => {
    encoder.add(channel, BigInt(encoder.lastNumber) * 1_000_000n, Buffer.from(JSON.stringify(fields)))
  }
  add(linkChannelId(1, 'event'), {
    type: 'link-state',
    phase: 'connected',
    code: null,
    detail: name(),
    url: name(),
  })
  encoder.add(linkChannelId(1, 'rx'), 1n, Buffer.from(marker))
  const opened = { ref: name(), route: name(), kind: 'event', priority: 3, headers: { [name()]: name() } }
  add(linkChannelId(1, 'message'), { type: 'message-opened', dir: 'in', messageKey: 1, ...opened })
  add(sessionChannelId('note'), { type: 'note', noteId: 1, kind: 'marker', atMs: 1, text: name() })
  add(sessionChannelId('op'), { operation: name(), detail: { path: name() } })
  parts.push(encoder.takeBlock()!)
  parts.push(encoder.metadata(name(), new Map([[name(), name()]])))
  parts.push(encoder.attachment(name(), 'text/plain', 1n, Buffer.from(marker)))
  parts.push(encoder.end())
  return Buffer.concat(parts)
}

/** One to three lengths, counts, places or times of it say something else. */
function lying(file: Buffer, random: Random): Buffer {
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  for (let left = 1 + random(3); left > 0; left--) {
    const at = 8 + random(file.length - 16)
    const lie = LIES[random(LIES.length)]!
    if (random(2) === 0) view.setBigUint64(at, lie, true)
    else view.setUint32(at, Number(lie & 0xffff_ffffn), true)
  }
  return file
}

/** Every file below a folder with what is in it; links as such. */
function snapshot(dir: string, except = ''): Map<string, string> {
  const found = new Map<string, string>()
  const walk = (at: string): void => {
    for (const name of readdirSync(at)) {
      const path = join(at, name)
      if (path === except) continue
      const stats = lstatSync(path)
      if (stats.isDirectory()) walk(path)
      const digest = stats.isFile()
        ? createHash('sha1').update(readFileSync(path)).digest('hex')
        : `${stats.mode}`
      found.set(relative(dir, path), digest)
    }
  }
  walk(dir)
  return found
}

/**
 * R7: 500 recordings, times `scale`, that lie about sizes and have hostile names within, links to what lies outside, and
 * hostile names in every request. Everything that can be done with a recording is done with each of them: nothing is written
 * or read outside the workspace, no request fails without a code, memory stays bounded.
 */
export async function soakHostileRecordings({ seed, scale }: SoakOptions): Promise<SoakCounts> {
  const random = seededRandom(seed)
  const root = mkdtempSync(join(tmpdir(), 'netcore-hostile-'))
  const workspaceDir = join(root, 'inner', 'workspace')
  const recordings = join(workspaceDir, 'recordings')
  mkdirSync(recordings, { recursive: true })
  const outside = join(root, 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'secret.mcap'), hostileRecording(random, SECRET))
  writeFileSync(join(outside, 'secret.yaml'), `tags: [${SECRET}]\n`)
  const files = Math.max(20, Math.round(FILES * scale))
  const names = writeFiles(recordings, outside, files, random)
  const before = snapshot(root, workspaceDir)
  const beforeBytes = process.memoryUsage.rss()
  const problems: string[] = []
  const built = buildConsole({ host: 'web', workspaceDir, onProblem: ({ code }) => void problems.push(code) })
  const counts = { files, requests: 0, refused: 0 }
  let peakBytes = 0
  try {
    const visitor = new Visitor(built.console, counts)
    for (const [at, name] of names.entries()) {
      await visitor.visit(name, EXPORT_FORMATS[at % EXPORT_FORMATS.length]!, random)
      peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
    }
    for (const name of NAMES) await visitor.nameOnly(name)
    await visitor.settled()
  } finally {
    await built.close()
  }
  try {
    judge(root, workspaceDir, before)
    const growthBytes = peakBytes - beforeBytes
    if (growthBytes > MOST_GROWTH_BYTES) throw new Error(`memory grew by ${growthBytes} bytes`)
    return { ...counts, 'written or read outside': 0, 'MiB of growth': Math.round(growthBytes / MIB) }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function writeFiles(recordings: string, outside: string, count: number, random: Random): string[] {
  const names: string[] = []
  for (let at = 0; at < count; at++) {
    const ending = at % 7 === 0 ? '.mcap.part' : '.mcap'
    const name = `${at}${ending}`
    const path = join(recordings, name)
    if (at % 20 === 19) symlinkSync(join(outside, 'secret.mcap'), path)
    else if (at % 20 === 18) symlinkSync(at % 40 === 18 ? '/dev/zero' : outside, path)
    else
      writeFileSync(path, at % 3 === 0 ? hostileRecording(random) : lying(hostileRecording(random), random))
    if (at % 10 === 5) symlinkSync(join(outside, 'secret.yaml'), join(recordings, `${at}.yaml`))
    names.push(name)
  }
  symlinkSync(outside, join(recordings, 'folder-link'))
  symlinkSync(join(outside, 'secret.mcap'), join(recordings, 'link.mcap'))
  return names
}

function judge(root: string, workspaceDir: string, before: ReadonlyMap<string, string>): void {
  const after = snapshot(root, workspaceDir)
  const differences = [...after].filter(([path, digest]) => before.get(path) !== digest).map(([path]) => path)
  if (differences.length > 0 || after.size !== before.size) {
    throw new Error(`written outside: ${differences.join(', ')}`)
  }
  const walk = (dir: string): void => {
    for (const name of readdirSync(dir)) {
      const path = join(dir, name)
      const stats = lstatSync(path)
      if (stats.isDirectory()) walk(path)
      else if (stats.isFile() && readFileSync(path).includes(SECRET))
        throw new Error(`read from outside: ${path}`)
    }
  }
  walk(workspaceDir)
}

/** Does with a recording whatever can be done with one. */
class Visitor {
  readonly #console: Console
  readonly #counts: { requests: number; refused: number }

  constructor(core: Console, counts: { requests: number; refused: number }) {
    this.#console = core
    this.#counts = counts
  }

  async visit(recording: string, format: (typeof EXPORT_FORMATS)[number], random: Random): Promise<void> {
    const core = this.#console
    const text = NAMES[random(NAMES.length)]!
    await this.#ask(() => this.#call('library.detail', { recording }))
    await this.#ask(() => this.#call('library.verify', { recording }))
    await this.#ask(() => this.#call('library.recover', { recording }))
    await this.#ask(() => this.#call('export.start', { recording, format, filter: '', messageIds: [] }))
    await this.#ask(() => this.#call('export.pack', { recording }))
    await this.#ask(() => this.#call('library.note', { recording, text }))
    await this.#ask(() => this.#call('library.tag', { recordings: [recording], add: [text], remove: [] }))
    await this.#ask(async () =>
      core.at((await this.#call('tape.open', { recording })).source).call('tape.close', {}),
    )
    await this.settled()
    await this.#ask(() => this.#call('library.rename', { recording, name: text }))
    if (random(3) === 0)
      await this.#ask(() => this.#call('library.remove', { recordings: [recording], to: 'trash' }))
  }

  /** A name that is none, wherever one is asked for. */
  async nameOnly(name: string): Promise<void> {
    for (const recording of [name, `${name}.mcap`, `${name}.mcap.part`]) {
      await this.#ask(() => this.#call('library.detail', { recording }))
      await this.#ask(() => this.#call('library.recover', { recording }))
      await this.#ask(() => this.#call('library.remove', { recordings: [recording], to: 'trash' }))
      await this.#ask(() => this.#call('library.reveal', { recording }))
      await this.#ask(() => this.#call('tape.open', { recording }))
      await this.#ask(() =>
        this.#call('export.start', { recording, format: 'bin', filter: '', messageIds: [] }),
      )
      await this.#ask(() => this.#import(recording))
      await this.#ask(() => this.#call('library.restore', { trashId: name }))
      await this.#ask(() => this.#call('library.empty-trash', { trashId: name }))
    }
  }

  /** All jobs have ended. */
  async settled(): Promise<void> {
    const startedMs = performance.now()
    for (;;) {
      const [library, exports] = [
        this.#console.subscribe('library', {}),
        this.#console.subscribe('exports', {}),
      ]
      const busy = [
        ...(library.take()?.jobs ?? []).map(({ kind, recording, state }) => ({
          kind,
          subject: recording,
          state,
        })),
        ...(exports.take()?.conversions ?? []),
      ].find(({ state }) => state === 'running')
      library.close()
      exports.close()
      if (busy === undefined) return
      if (performance.now() - startedMs > LONGEST_WAIT_MS)
        throw new Error(`${busy.kind} of ${busy.subject} does not end`)
      await passMs(LOOK_MS)
    }
  }

  async #import(name: string): Promise<void> {
    const bytes = Buffer.from('{"event":"nothing"}\n')
    const { id } = await this.#call('import.begin', { name, byteCount: bytes.length, dialect: 'lso' })
    await this.#call('import.piece', { id, at: 0, bytes })
    await this.#call('import.end', { id })
    await this.settled()
  }

  /** As the hosts do it: what the contract refuses goes no further. */
  async #call<C extends CommandName>(name: C, request: CommandRequest<C>): Promise<CommandReply<C>> {
    if (requestChecks[name].safeParse(request).success) return this.#console.call(name, request)
    throw new ConsoleError('CONTRACT_BAD_FRAME', 'the contract does not allow it')
  }

  async #ask(act: () => Promise<unknown>): Promise<void> {
    this.#counts.requests += 1
    try {
      await act()
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || !('remedy' in error)) throw error
      this.#counts.refused += 1
    }
  }
}
