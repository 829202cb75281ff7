import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { npm, say } from './run.mjs'

const STAMP = 'node_modules/.installed-for'

const wanted = () =>
  createHash('sha256')
    .update(readFileSync('package-lock.json'))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex')

/** Installs the dependencies of the lock file when they are missing or the lock file changed. */
export async function ensureDependencies() {
  const stamp = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : ''
  if (stamp === wanted()) return
  say(
    stamp === ''
      ? 'installing dependencies (first run, about a minute) ...'
      : 'dependencies changed, installing ...',
  )
  const { code } = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  if (code !== 0) {
    console.error(
      'The dependencies could not be installed. Check the network and the registry of npm, then try again.',
    )
    process.exit(1)
  }
  writeFileSync(STAMP, wanted())
}
