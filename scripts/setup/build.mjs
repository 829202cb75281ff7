import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { say, tool } from './run.mjs'

const STAMP = 'out/.built-from'
const SOURCES = ['src', 'electron.vite.config.ts', 'package.json', 'package-lock.json']

/** A digest of everything that goes into the build: modification times lie after a checkout, contents do not. */
function sourceDigest() {
  const hash = createHash('sha256').update(process.version)
  const visit = (path) => {
    if (/\.(test|bench)\.ts$|\/vectors$/.test(path)) return
    const entries =
      path === 'src' || !/\.[a-z]+$/.test(path) ? readdirSync(path, { withFileTypes: true }) : undefined
    if (!entries) return void hash.update(path).update(readFileSync(path))
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = join(path, entry.name)
      if (entry.isDirectory()) visit(inner)
      else if (!/\.(test|bench)\.ts$/.test(inner)) hash.update(inner).update(readFileSync(inner))
    }
  }
  for (const source of SOURCES) visit(source)
  return hash.digest('hex')
}

/** Builds all targets into `out/` when the sources changed since the last build. Returns false when it failed. */
export async function ensureBuild() {
  const digest = sourceDigest()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return true
  say('building ...')
  rmSync('out', { recursive: true, force: true })
  const { code, output } = await tool('electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'warn'], {
    quiet: true,
  })
  if (code !== 0) {
    console.error(output)
    return false
  }
  writeFileSync(STAMP, digest)
  return true
}
