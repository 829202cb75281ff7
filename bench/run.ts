import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { measureCodec } from './codec'
import { Findings } from './findings'
import { LIBRARIES_HEADING, librarySection } from './libraries/library-report'
import { measureLibraries } from './libraries/library-run'
import { libraryRows } from './libraries/rows'
import { measureLines } from './line/line-run'
import { runStackOnLine } from './line/stack-on-line'
import { runStreamOnLine } from './line/stream-on-line'
import { ours, peers } from './peers/available'
import { linePeers } from './peers/line-peers'
import { renderReport } from './report/report'
import { checkPeers, measureRounds } from './rounds'
import { type BenchOptions, benchOptions, sizesOf } from './topics'
import { sectionOf, withSection } from './report/section'
import { SCREEN_HEADING } from './ui/ui-report'
import { SOAK_HEADING } from '../soak/report'

/**
 * npm run bench [-- --quick] [--rounds N] [--only TOPIC,TOPIC]: results go to bench/results.md, unless only a part was
 * run; but `--only libraries` writes its own section. Ends with 1 when a measurement failed.
 */
const RESULTS = 'bench/results.md'
const say = (text: string): void => void process.stderr.write(`${text}\n`)

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string' }, quick: { type: 'boolean' }, only: { type: 'string' } },
  })
  const options = benchOptions(values)
  const startMs = performance.now()
  const findings = new Findings()
  if (options.topics.some((topic) => topic !== 'line' && topic !== 'codec' && topic !== 'libraries')) {
    await checkPeers(findings, peers, say)
    await measureRounds(findings, peers, options, say)
  }
  if (options.topics.includes('line')) {
    await measureLines(
      runStackOnLine,
      (peer, baud, isUnderBulk) => runStreamOnLine(linePeers[peer]!, baud, isUnderBulk),
      {
        dialects: ours.map(({ dialect }) => dialect),
        others: Object.keys(linePeers),
        isQuick: options.isQuick,
      },
      (result) => {
        findings.lines.push(result)
        say(`line ${result.baud} ${result.peer}, ${result.variant}: p50 ${result.loaded.p50Ms.toFixed(1)} ms`)
      },
    )
  }
  if (options.topics.includes('codec')) {
    findings.codec.push(...(await measureCodec(options)))
    say('codec alone: done')
  }
  const about = { machine: describeMachine(), dateIso: new Date().toISOString().slice(0, 10) }
  const libraries = options.topics.includes('libraries') ? await librariesSection(options, about) : null
  if (libraries !== null && options.topics.length === 1) {
    console.log([LIBRARIES_HEADING, '', ...libraries.lines].join('\n'))
    if (!options.isQuick)
      writeFileSync(RESULTS, withSection(previousResults(), LIBRARIES_HEADING, libraries.lines))
    say(options.isQuick ? `${RESULTS} was left as it is` : `written to ${RESULTS}`)
    process.exit(libraries.isWhole ? 0 : 1)
  }
  const text = renderReport(findings, peers, ours, {
    command: ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(
      ' ',
    ),
    rounds: options.rounds,
    bulkMiB: sizesOf(options).bulkMiB,
    minutes: (performance.now() - startMs) / 60_000,
    ...about,
  })
  console.log(text)
  const isWhole = !options.isQuick && values.only === undefined
  if (isWhole) {
    const whole = `${text.trimEnd()}\n\n${otherSections()}`
    writeFileSync(
      RESULTS,
      libraries === null ? whole : withSection(whole, LIBRARIES_HEADING, libraries.lines),
    )
  }
  say(isWhole ? `written to ${RESULTS}` : `${RESULTS} was left as it is`)
  const isGood = findings.failures.length === 0 && libraries?.isWhole !== false
  process.exit(isGood ? 0 : 1) // some peers leave timers behind
}

/** Our side of netconduit and Socket.D, beside the libraries. */
async function librariesSection(
  options: BenchOptions,
  about: { readonly dateIso: string; readonly machine: string },
): Promise<{ readonly lines: string[]; readonly isWhole: boolean }> {
  const { rateMs, requests } = sizesOf(options)
  const startMs = performance.now()
  const sizes = { rounds: options.rounds, rateMs, requests }
  const found = await measureLibraries(libraryRows(process.env), sizes, say)
  const minutes = (performance.now() - startMs) / 60_000
  return { lines: librarySection(found, { ...about, minutes }), isWhole: found.failures.length === 0 }
}

const describeMachine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}, Node ${process.version}`

const previousResults = (): string => (existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8') : '')

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error))
  process.exit(2)
})

/** What `npm run soak` and `npm run bench:ui` wrote stays until they write anew. */
function otherSections(): string {
  const results = previousResults()
  return [SCREEN_HEADING, SOAK_HEADING].map((heading) => sectionOf(results, heading)).join('')
}
