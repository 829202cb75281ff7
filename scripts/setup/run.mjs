import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Paths in the repository are relative to it: the scripts are started by npm, which sets the folder. */
export const isWindows = process.platform === 'win32'

/** One line about what is going on, with the time it took so far in this process. */
export function say(text) {
  process.stdout.write(`[${(performance.now() / 1000).toFixed(1).padStart(6)} s] ${text}\n`)
}

/**
 * Runs a program to its end.
 *
 * @returns {Promise<{code: number, output: string, timedOut: boolean}>} `output` is stdout and stderr together when
 *   `quiet`, else empty (the program writes to our own output). Of a quiet program `onLine` is told each line of stdout.
 */
export function run(command, args, { quiet = false, timeoutMs = 0, env = {}, cwd, onLine } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    })
    let output = ''
    let timedOut = false
    child.stdout?.on('data', (data) => (output += data))
    child.stderr?.on('data', (data) => (output += data))
    if (onLine && child.stdout) createInterface(child.stdout).on('line', onLine)
    const timer = timeoutMs > 0 && setTimeout(() => ((timedOut = true), child.kill('SIGKILL')), timeoutMs)
    const finish = (code) => {
      if (timer) clearTimeout(timer)
      resolve({ code, output, timedOut })
    }
    child.on('error', (error) => {
      output += error.message
      finish(127)
    })
    child.on('close', (code) => finish(code ?? 1))
  })
}

/** Runs npm with the very npm (and Node) that started us, so that no other one on the PATH is taken. */
export function npm(args, options) {
  const cli = process.env.npm_execpath
  return cli?.endsWith('js')
    ? run(process.execPath, [cli, ...args], options)
    : run(isWindows ? 'npm.cmd' : 'npm', args, options)
}

/** Runs the JavaScript command of an installed package, e.g. `tool('typescript/bin/tsc', ['-p', '.'])`. */
export const tool = (path, args, options) => run(process.execPath, [`node_modules/${path}`, ...args], options)
