import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { measureCodec } from './codec'
import { Findings } from './findings'
import { measureLines } from './line/line-run'
import { runStackOnLine } from './line/stack-on-line'
import { runStreamOnLine } from './line/stream-on-line'
import { ours, peers } from './peers/available'
import { linePeers } from './peers/line-peers'
import { renderReport } from './report/report'
import { checkPeers, measureRounds } from './rounds'
import { benchOptions, sizesOf } from './topics'
import { sectionOf } from './report/section'
import { SCREEN_HEADING } from './ui/ui-report'
import { SOAK_HEADING } from '../soak/report'

/**
 * npm run bench [-- --quick] [--rounds N] [--only TOPIC,TOPIC]: results go to bench/results.md, unless only a part was
 * run. Ends with 1 when a measurement failed.
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
  if (options.topics.some((topic) => topic !== 'line' && topic !== 'codec')) {
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
  const text = renderReport(findings, peers, ours, {
    command: ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(
      ' ',
    ),
    rounds: options.rounds,
    bulkMiB: sizesOf(options).bulkMiB,
    minutes: (performance.now() - startMs) / 60_000,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}, Node ${process.version}`,
    dateIso: new Date().toISOString().slice(0, 10),
  })
  console.log(text)
  const isWhole = !options.isQuick && values.only === undefined
  if (isWhole) writeFileSync(RESULTS, `${text.trimEnd()}\n\n${otherSections()}`)
  say(isWhole ? `written to ${RESULTS}` : `${RESULTS} was left as it is`)
  process.exit(findings.failures.length === 0 ? 0 : 1) // some peers leave timers behind
}

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error))
  process.exit(2)
})

/** What `npm run soak` and `npm run bench:ui` wrote stays until they write anew. */
function otherSections(): string {
  if (!existsSync(RESULTS)) return ''
  const results = readFileSync(RESULTS, 'utf8')
  return [SCREEN_HEADING, SOAK_HEADING].map((heading) => sectionOf(results, heading)).join('')
}
