// One tsconfig, its types and its lint: the rules that ask for types take the program and the checker that the type check
// has filled, where two tools would each read and check everything. Arguments: the project, and what is wanted of it.
// Prints a line of JSON for each when it is known: `{kind, files, problems}`, problems being an empty text where all is well.
import { ESLint } from 'eslint'
import ts from 'typescript'

/** A file of both projects is linted by the first, as `eslint .` does it. */
const FILES_TO_LINT = {
  'tsconfig.node.json': { patterns: ['.'], ignorePatterns: ['src/renderer/**'] },
  'tsconfig.web.json': { patterns: ['src/renderer'], ignorePatterns: [] },
}

const [project, ...wanted] = process.argv.slice(2)
const program = readProgram(project)
const tell = (kind, verdict) => console.log(JSON.stringify({ kind, ...verdict }))
if (wanted.includes('types')) tell('types', checkTypes(program))
if (wanted.includes('lint')) tell('lint', await lint(program, FILES_TO_LINT[project]))

function readProgram(configFile) {
  const parsed = ts.getParsedCommandLineOfConfigFile(configFile, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      throw new Error(format([diagnostic]))
    },
  })
  return ts.createProgram({
    rootNames: parsed.fileNames,
    options: parsed.options,
    host: ts.createCompilerHost(parsed.options, true), // rules walk from a node to what it is in
    configFileParsingDiagnostics: ts.getConfigFileParsingDiagnostics(parsed),
  })
}

function checkTypes(program) {
  return { files: program.getRootFileNames().length, problems: format(ts.getPreEmitDiagnostics(program)) }
}

async function lint(program, { patterns, ignorePatterns }) {
  const eslint = new ESLint({
    ignorePatterns,
    overrideConfig: { languageOptions: { parserOptions: { programs: [program] } } },
  })
  const results = await eslint.lintFiles(patterns)
  const isClean = results.every(({ errorCount, warningCount }) => errorCount + warningCount === 0)
  const formatter = await eslint.loadFormatter('stylish')
  return { files: results.length, problems: isClean ? '' : await formatter.format(results) }
}

function format(diagnostics) {
  return ts.formatDiagnostics(diagnostics, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => process.cwd(),
    getNewLine: () => '\n',
  })
}
