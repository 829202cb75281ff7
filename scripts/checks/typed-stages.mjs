import { run } from '../setup/run.mjs'

const PROJECTS = ['tsconfig.node.json', 'tsconfig.web.json']
const KINDS = ['types', 'lint']

/** What `typed-code.mjs` says of each project: per kind a promise for its verdict. Started once for all kinds that are wanted. */
let projects

/**
 * The stage of a kind. Both kinds come from the same two processes, one for each project: lint goes on where types are done.
 *
 * @param {'types' | 'lint'} kind
 * @returns {(wanted: readonly string[]) => Promise<import('./stages.mjs').StageResult>}
 */
export const typedStage = (kind) => async (wanted) => {
  projects ??= PROJECTS.map((project) =>
    checkProject(
      project,
      KINDS.filter((each) => wanted.includes(each)),
    ),
  )
  const verdicts = await Promise.all(projects.map((verdictsOf) => verdictsOf[kind]))
  const failed = verdicts.filter(({ files, problems }) => files === 0 || problems !== '')
  return {
    passed: verdicts.length - failed.length,
    failed: failed.length,
    skips: [],
    output: failed.map(({ problems }) => problems || 'nothing was checked').join('\n'),
  }
}

function checkProject(project, kinds) {
  const tell = {}
  const verdicts = {}
  for (const kind of kinds) verdicts[kind] = new Promise((resolve) => (tell[kind] = resolve))
  const onLine = (line) => {
    const verdict = readVerdict(line)
    if (verdict) tell[verdict.kind]?.(verdict)
  }
  run(process.execPath, ['scripts/checks/typed-code.mjs', project, ...kinds], { quiet: true, onLine }).then(
    ({ output }) => {
      for (const kind of kinds) tell[kind]({ files: 0, problems: `${project}: no verdict\n${output}` }) // if none was told
    },
  )
  return verdicts
}

function readVerdict(line) {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
