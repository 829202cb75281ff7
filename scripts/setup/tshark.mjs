import { existsSync } from 'node:fs'
import { run, say } from './run.mjs'

const INSTALLED = ['/usr/bin/tshark', '/usr/local/bin/tshark', '/opt/homebrew/bin/tshark']
const installed = () => [process.env.TSHARK, ...INSTALLED].find((path) => path && existsSync(path))

/**
 * Wireshark's command line, for the test of our dissector: one that is installed, else Debian's package when we are root.
 *
 * @returns {Promise<string | undefined>}
 */
export async function ensureTshark() {
  if (installed() || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return installed()
  say("installing Debian's tshark (once) ...")
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const options = { quiet: true, timeoutMs: 240_000, env }
  const fetched = await run('apt-get', ['install', '-y', '--no-install-recommends', 'tshark'], options)
  if (fetched.code === 0) return installed()
  await run('apt-get', ['update'], options)
  await run('apt-get', ['install', '-y', '--no-install-recommends', 'tshark'], options)
  return installed()
}
