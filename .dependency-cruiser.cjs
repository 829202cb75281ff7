/** Who may import whom (docs/architecture.md). Checked by scripts/checks/boundaries.mjs, which also fails on nothing. */
const rule = (name, from, to) => ({ name, severity: 'error', from: { path: from, pathNot: TESTS }, to })
const TESTS = '(\\.test\\.ts$|^src/testing/|\\.bench\\.ts$|/vectors/)'
const PURE_LIBRARIES = 'node_modules/(msgpackr|lru-cache|zod|croner)/'

module.exports = {
  forbidden: [
    rule('shared-is-a-leaf', '^src/shared', {
      pathNot: '^src/shared|node_modules/(msgpackr|zod|re2js|yaml)/',
    }),
    rule('stack-is-pure', '^src/main/netcore', { pathNot: `^src/(main/netcore|shared)|${PURE_LIBRARIES}` }),
    rule('transports-know-only-bytes', '^src/main/transport', {
      path: '^src/(main/(?!transport)|renderer|preload)',
    }),
    rule('links-look-down', '^src/main/link', {
      path: '^src/(main/(?!link|netcore|transport)|renderer|preload)',
    }),
    rule('middle-looks-down', '^src/main/(capture|recording|simulator|workspace)', {
      path: '^src/(main/(operate|console|hosts|cli|index|web)|renderer|preload)',
    }),
    rule('operating-looks-down', '^src/main/operate', {
      path: '^src/(main/(console|hosts|cli|index|web)|renderer|preload)',
    }),
    rule('library-is-no-program', '^src/main/library', {
      path: '^src/(main/(capture|recording|workspace|operate|console|hosts|cli|index|web)|renderer|preload)',
    }),
    rule('console-knows-no-host', '^src/main/console', {
      path: '^src/(main/(hosts|cli|index|web)|renderer|preload)',
    }),
    rule('hosts-know-the-console-only', '^src/main/hosts', {
      path: '^src/(main/(?!hosts|console)|renderer|preload)',
    }),
    rule('hosts-apart', '^src/main/hosts/([^/]+)/', {
      path: '^src/main/hosts/[^/]+/',
      pathNot: '^src/main/hosts/$1/',
    }),
    rule('electron-only-in-its-room', '^src/main/(?!hosts/electron/|index\\.ts)', {
      path: '(^|node_modules/)electron(/|$)',
    }),
    rule('web-and-cli-never-reach-electron', '^src/main/(web\\.ts|hosts/web|cli)', {
      path: '(^|node_modules/)electron(/|$)',
      reachable: true,
    }),
    rule('preload-is-thin', '^src/preload', {
      pathNot: '^src/(preload|shared/contract)|(^|node_modules/)electron(/|$)',
    }),
    rule('renderer-knows-no-main', '^src/renderer', {
      path: ['^src/(main|preload)', '(^|node_modules/)(electron|serialport)(/|$)'],
    }),
    rule('renderer-knows-no-node', '^src/renderer', { dependencyTypes: ['core'] }),
    {
      name: 'drawing-knows-no-react',
      severity: 'error',
      from: { path: '^src/renderer/lanes/.*\\.ts$', pathNot: [TESTS, '/use-[^/]*\\.ts$'] },
      to: { path: 'node_modules/react' },
    },
    rule('features-apart', '^src/renderer/features/([^/]+)/', {
      path: '^src/renderer/features/',
      pathNot: '^src/renderer/features/$1/',
    }),
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
