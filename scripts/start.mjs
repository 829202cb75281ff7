// npm start: does all set-up, then opens the program (Electron where its binary can be had, else the web host).
import { spawn } from 'node:child_process'
import { ensureBuild } from './setup/build.mjs'
import { ensureDependencies } from './setup/dependencies.mjs'
import { fetchElectron } from './setup/electron-binary.mjs'
import { requireNodeVersion } from './setup/node-version.mjs'
import { say } from './setup/run.mjs'

const HELP = `npm start              install, build, open the desktop program; the web host where Electron cannot be had
npm start -- --web     the web host: prints an address for your browser
npm start -- --desktop the desktop program or nothing (exit code 1)
npm start -- --web [--host 127.0.0.1] [--port 0] [--workspace DIR] [--link URL]...   options of the web host
npm start -- --help    this text`

requireNodeVersion()
const args = process.argv.slice(2)
if (args.includes('--help') || args.includes('-h')) {
  console.log(HELP)
  process.exit(0)
}
const wantsWeb = args.includes('--web')
const wantsDesktop = args.includes('--desktop')
const rest = args.filter((arg) => arg !== '--web' && arg !== '--desktop')

await ensureDependencies()
if (!(await ensureBuild())) process.exit(1)

const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY
if (wantsWeb || (!hasDisplay && !wantsDesktop)) {
  if (!wantsWeb) say('no display here: starting the web host')
  launch(process.execPath, ['out/main/web.js', ...rest])
} else {
  say('looking for the Electron runtime (fetched once, at most 60 s) ...')
  const { path, reason } = await fetchElectron()
  if (path) launch(path, ['.', ...rest])
  else if (wantsDesktop) {
    console.error(`Electron could not be had: ${reason}. Without --desktop the web host starts instead.`)
    process.exit(1)
  } else {
    say(`Electron could not be had (${reason}): starting the web host instead`)
    launch(process.execPath, ['out/main/web.js', ...rest])
  }
}

/** Hands over: same terminal, same signals, same exit code. */
function launch(command, commandArgs) {
  const child = spawn(command, commandArgs, { stdio: 'inherit' })
  const forward = (signal) => process.on(signal, () => child.kill(signal))
  forward('SIGINT')
  forward('SIGTERM')
  child.on('error', (error) => {
    console.error(error.message)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
}
