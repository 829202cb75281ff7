// Who may import whom, checked by dependency-cruiser. A boundary check that parses nothing also finds nothing, so this
// one wants modules, and proves on one planted violation that it can see at all.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { run } from '../setup/run.mjs'

const CANARY_FOLDER = 'src/main/netcore/.boundary-canary'
const CANARY = `${CANARY_FOLDER}/planted.ts`
const MIN_MODULES = 50

async function cruise(paths) {
  const { output } = await run(
    process.execPath,
    ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--output-type', 'json', ...paths],
    { quiet: true },
  )
  const start = output.indexOf('{')
  if (start < 0) throw new Error(output)
  return JSON.parse(output.slice(start)).summary
}

async function plantedViolations() {
  mkdirSync(CANARY_FOLDER, { recursive: true })
  writeFileSync(
    CANARY,
    "import { readFileSync } from 'node:fs'\nimport { app } from 'electron'\nexport { app, readFileSync }\n",
  )
  try {
    return (await cruise([CANARY])).violations.map((violation) => violation.rule.name)
  } finally {
    rmSync(CANARY_FOLDER, { recursive: true, force: true })
  }
}

const planted = await plantedViolations()
const summary = await cruise(['src'])
const failures = summary.violations.map(
  ({ rule, from, to, cycle }) =>
    `${rule.name}: ${from} -> ${cycle?.map((step) => step.name).join(' -> ') ?? to}`,
)
for (const wanted of ['stack-is-pure', 'electron-only-in-its-room']) {
  if (!planted.includes(wanted)) failures.push(`canary: the planted violation of ${wanted} was not seen`)
}
if (summary.totalCruised < MIN_MODULES) failures.push(`only ${summary.totalCruised} modules were read`)
for (const failure of failures) console.error(failure)
console.log(
  `boundaries: ${summary.totalCruised} modules, ${summary.totalDependenciesCruised} imports, ${failures.length} violations`,
)
process.exit(failures.length === 0 ? 0 : 1)
