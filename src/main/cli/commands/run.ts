import { existsSync, readFileSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, extname } from 'node:path'
import { asConsoleError, ConsoleError, unreadableFile } from '../../../shared/errors'
import { MAX_WORKSPACE_FILE_BYTES } from '../../../shared/workspace/entry-name'
import { linkWords } from '../../console/link-title'
import { sessionDay } from '../../console/session-day'
import type { Link } from '../../link/link'
import { Capture } from '../../capture/capture'
import type { Links } from '../../link/links'
import { DraftSender } from '../../operate/send/draft-sender'
import { loadedSnippet, messageNamed, snippetNamed } from '../../operate/snippets/load-snippet'
import type { EndedStep, RunEnd } from '../../operate/snippets/snippet-run'
import { type BegunRun, SnippetRuns } from '../../operate/snippets/snippet-runs'
import type { LoadedSnippet } from '../../operate/snippets/snippet-world'
import type { Workspace } from '../../workspace/workspace'
import type { Command } from '../command'
import { connected, FirstPeer } from '../connected-link'
import { junitReport } from '../junit-report'
import { readLinkAddress } from '../link-argument'
import type { Output } from '../output'
import { rounded } from '../rounded'
import { createSession } from '../session'
import { readVariables, surroundings, VARIABLE_OPTIONS, workspaceGiven } from '../stored-message'

interface Named extends LoadedSnippet {
  readonly name: string
}

export const run: Command = {
  name: 'run',
  summary: 'Runs a snippet: sends, waits and checks as its steps say. Its exit code tells how it went.',
  positionals: ['SNIPPET', 'URL'],
  options: {
    ...VARIABLE_OPTIONS,
    junit: { value: 'FILE', help: 'write a JUnit report: one test case for each step' },
  },
  notes: [
    'SNIPPET is a file (.yaml) or the name of a snippet of the workspace.',
    'Ends with 0 when it passed, 2 wrong input, 3 link, 4 not in time, 5 an error or an answer not as expected.',
  ],
  async run({ args, io, out }) {
    const startedAtIso = new Date().toISOString()
    const workspace = workspaceGiven(args, io)
    const named = readNamed(args.positional(0), workspace)
    const variables = readVariables(args, io, workspace)
    const address = readLinkAddress(args.positional(1), surroundings(args, io))
    const capture = new Capture()
    const peer = new FirstPeer()
    const links = createSession({ onTrace: capture.observe, onLink: (link) => peer.came(link) })
    const runs = runsOn(links, capture, workspace)
    const startedMs = links.clock.nowMs()
    let begun: BegunRun | undefined
    let end: RunEnd
    try {
      const link = await connected(links.openLink(address), peer, out, io.signal)
      const told = (step: EndedStep): void => tellStep(out, step)
      const place = { link: idOf(links, link), variables }
      begun = runs.startLoaded(named.name, named, place, { origin: 'command-line', name: '' }, told)
      const { runId, ended } = begun
      const stop = (): void => runs.stop(runId)
      io.signal.addEventListener('abort', stop, { once: true })
      end = await ended
      io.signal.removeEventListener('abort', stop)
    } catch (error) {
      const problem = asConsoleError(error)
      end = { state: 'failed', detail: problem.message, problem }
    }
    const tookMs = links.clock.nowMs() - startedMs
    const steps = begun === undefined ? [] : runs.view(begun.runId).steps
    await links.closeAll()
    const { state, detail, problem } = end
    const isError = problem !== null && problem.exitCode < 4
    const path = args.text('junit')
    if (path !== undefined) {
      const report = { name: named.name, steps, problem, isError, tookMs, startedAtIso, hostName: hostname() }
      await writeReport(path, junitReport(report))
    }
    const executed = steps.reduce((sum, { count }) => sum + count, 0)
    out.line({
      event: 'run',
      snippet: named.name,
      state,
      steps: executed,
      ms: rounded(tookMs),
      detail,
      ...(problem && { code: problem.code }),
    })
    out.note(`${named.name}: ${state}, ${detail}`)
    if (problem !== null) throw problem
  },
}

/** @throws ConsoleError `SNIPPET_UNKNOWN`, `SNIPPET_INVALID`, `FILE_UNREADABLE`. */
function readNamed(text: string, workspace: Workspace): Named {
  const isFile = /\.ya?ml$/i.test(text) || (existsSync(text) && statSync(text).isFile())
  if (!isFile) return { name: text, ...snippetNamed(workspace, text) }
  try {
    if (statSync(text).size > MAX_WORKSPACE_FILE_BYTES) {
      throw new ConsoleError('FILE_UNREADABLE', `${text} has over ${MAX_WORKSPACE_FILE_BYTES} bytes`)
    }
    return { name: basename(text, extname(text)), ...loadedSnippet(readFileSync(text, 'utf8'), text) }
  } catch (error) {
    if (error instanceof ConsoleError) throw error
    throw unreadableFile(text, error)
  }
}

function runsOn(links: Links, capture: Capture, workspace: Workspace): SnippetRuns {
  const { clock } = links
  const nameOf = (address: Parameters<typeof linkWords>[0]): string => linkWords(address)?.name ?? ''
  const sender = new DraftSender({
    links,
    capture,
    workspaceDir: workspace.dir,
    nameOf,
    profileUrl: () => undefined,
  })
  const { dayStartMs } = sessionDay(new Date().toISOString())
  const addressOf = (linkId: number) => links.all().find((handle) => handle.linkId === linkId)?.address
  const subjects = capture.subjectSource({
    nowMs: () => clock.nowMs(),
    dayStartMs,
    linkOf: (linkId) => linkWords(addressOf(linkId)),
  })
  return new SnippetRuns({
    clock,
    sender,
    subjects,
    hearMoments: (listener) => capture.hearMoments(listener),
    linkIdOf: (link) => sender.handleOf(link).linkId,
    snippet: (name) => snippetNamed(workspace, name),
    message: (name) => messageNamed(workspace, name),
  })
}

/** A link knows its number only by those that hold it. */
function idOf(links: Links, link: Link): number {
  const handle = links.all().find((each) => each.link === link)
  if (handle === undefined) throw new ConsoleError('LINK_LOST', 'the link is gone already')
  return handle.linkId
}

const MARKS = { passed: '✓', failed: '✗', stopped: '■' } as const

function tellStep(out: Output, { index, line, title, state, detail, tookMs }: EndedStep): void {
  out.line({ event: 'step', step: index + 1, line, title, state, ms: rounded(tookMs), detail })
  out.note(`${MARKS[state]} ${index + 1} ${title}${detail === '' ? '' : ` – ${detail}`}`)
}

async function writeReport(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (cause) {
    throw new ConsoleError('FILE_UNWRITABLE', `the report cannot be written to ${path}`, {}, { cause })
  }
}
