import { randomInt } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type SoakReport, withSoakSection } from './report'
import { jobs } from './jobs'

/** npm run soak [-- --only NAME] [--seed N] [--scale X]: the long tests; whole runs go into bench/results.md, each into its row. */
const RESULTS = 'bench/results.md'
const { values } = parseArgs({
  options: { only: { type: 'string' }, seed: { type: 'string' }, scale: { type: 'string', default: '1' } },
})
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed)
const scale = Number(values.scale)
if (!Number.isSafeInteger(seed) || !(scale > 0)) throw new Error('--seed is a whole number, --scale above 0')
const chosen = jobs.filter(({ name }) => values.only === undefined || name === values.only)
if (chosen.length === 0)
  throw new Error(`there is no job of that name: ${jobs.map(({ name }) => name).join(', ')}`)

const reports: SoakReport[] = []
for (const job of chosen) {
  const { name, promise } = job
  process.stderr.write(`${name} (seed ${seed}, scale ${scale}) ...\n`)
  const startedMs = performance.now()
  let failure: string | undefined
  let counts = {}
  try {
    counts = await job.run({ seed, scale })
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error)
  }
  const seconds = (performance.now() - startedMs) / 1000
  reports.push({ name, promise, seconds, counts, ...(failure !== undefined && { failure }) })
  console.log(
    `${failure === undefined ? 'ok  ' : 'FAIL'} ${name} ${seconds.toFixed(0)} s ${JSON.stringify(counts)}`,
  )
  if (failure !== undefined) console.log(failure)
}
// A fraction of a job is no result to keep.
if (scale >= 1) {
  const dateIso = new Date().toISOString().slice(0, 10)
  const run = { seed, dateIso, jobs: jobs.map(({ name }) => name) }
  writeFileSync(RESULTS, withSoakSection(readFileSync(RESULTS, 'utf8'), reports, run))
}
process.exit(reports.some(({ failure }) => failure !== undefined) ? 1 : 0)
