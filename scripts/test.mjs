// npm test: does all set-up, runs every check, ends with a summary. `npm test -- unit lint` runs only these stages.
import { ensureDependencies } from './setup/dependencies.mjs'
import { requireNodeVersion } from './setup/node-version.mjs'
import { say } from './setup/run.mjs'

requireNodeVersion()
await ensureDependencies()
const { readAllowedSkips, stages } = await import('./checks/stages.mjs')

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in stages))
if (unknown.length > 0) {
  console.error(`No stage is called ${unknown.join(', ')}. Stages: ${Object.keys(stages).join(', ')}.`)
  process.exit(2)
}
const names = wanted.length > 0 ? wanted : Object.keys(stages)
const allowed = readAllowedSkips()
const isCi = process.env.CI === 'true'
const rows = []

/** Of the stages that a stage runs beside, those that run at all. */
const partners = (name) => names.filter((other) => stages[name].beside?.includes(other))
const running = []

const stagesInTurn = names.filter((name) => partners(name).length === 0)
for (const [index, name] of stagesInTurn.entries()) {
  const others = names.filter((other) => partners(other)[0] === name)
  const together = [name, ...others].map((each) => stages[each].title)
  say(`${index + 1}/${stagesInTurn.length} ${together.join(', and beside it: ')} ...`)
  running.push(...others.map((other) => ({ until: partners(other).at(-1), row: runStage(other) })))
  rows.push(await runStage(name))
  for (const { until, row } of running) if (until === name) rows.push(await row)
}

const sum = (key) => rows.reduce((total, row) => total + row[key], 0)
console.log(`\n${'stage'.padEnd(40)} passed  failed  skipped  seconds`)
for (const row of rows) {
  const numbers = [row.passed, row.failed, row.skipped].map((count, at) =>
    String(count).padStart([6, 8, 9][at]),
  )
  console.log(row.title.padEnd(40) + numbers.join('') + row.seconds.toFixed(1).padStart(9))
}
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
process.exit(sum('failed') === 0 ? 0 : 1)

async function runStage(name) {
  const { title, run } = stages[name]
  const startedMs = performance.now()
  const result = await run(names)
  const forbidden = result.skips.filter(
    (skip) => isCi && !allowed.some((entry) => entry.stage === name && skip.name.startsWith(entry.match)),
  )
  if (result.output) console.log(result.output)
  for (const [reason, count] of countReasons(result.skips)) say(`  skipped: ${count} × ${reason}`)
  for (const skip of forbidden) console.error(`  may not be skipped in CI: ${skip.name} (${skip.reason})`)
  const row = {
    title,
    passed: result.passed,
    failed: result.failed + forbidden.length,
    skipped: result.skips.length - forbidden.length,
    seconds: (performance.now() - startedMs) / 1000,
  }
  const verdict = row.failed === 0 ? 'ok' : 'FAILED'
  say(`  ${title}: ${verdict}: ${row.passed} passed, ${row.failed} failed, ${row.skipped} skipped`)
  return row
}

function countReasons(skips) {
  const counts = new Map()
  for (const { reason } of skips) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return counts
}
