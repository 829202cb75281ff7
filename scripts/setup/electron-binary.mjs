import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { run } from './run.mjs'

/**
 * Path of the Electron binary, or undefined when it was not fetched. Never `require('electron')` for this: that
 * package's entry starts the download by itself.
 */
export function electronBinary() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
    const file = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'))
    return existsSync(file) ? file : undefined
  } catch {
    return undefined
  }
}

/**
 * Fetches the binary once. A firewall that drops packets would let the download wait for minutes, hence the limit.
 *
 * @returns {Promise<{path?: string, reason?: string}>}
 */
export async function fetchElectron({ timeoutMs = 60_000 } = {}) {
  const found = electronBinary()
  if (found) return { path: found }
  const result = await run(process.execPath, ['node_modules/electron/install.js'], { quiet: true, timeoutMs })
  const path = electronBinary()
  if (path) return { path }
  const lines = result.output.trim().split('\n').filter(Boolean)
  const said =
    lines.find((line) => /error|failed|ENOTFOUND|ETIMEDOUT/i.test(line)) ?? lines.at(-1) ?? 'no message'
  return { reason: result.timedOut ? `no answer within ${timeoutMs / 1000} s` : said.trim().slice(0, 200) }
}
