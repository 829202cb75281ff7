import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { resolve } from 'node:path'
import type { BulkResult, LatencyResult } from './process'

const PROGRAM = resolve(import.meta.dirname, 'process.js')

function firstLine(args: readonly string[]): { line: Promise<string>; kill: () => void } {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = new Promise<string>((resolveLine, reject) => {
    createInterface({ input: child.stdout }).once('line', resolveLine)
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${String(code)}`)))
  })
  return { line, kill: () => child.kill('SIGKILL') }
}

/** One measurement in a fresh pair of processes. */
async function measure<T>(peer: string, measurement: string, bytes = 0): Promise<T> {
  const server = firstLine(['serve', peer])
  try {
    const client = firstLine(['measure', peer, await server.line, measurement, String(bytes)])
    return JSON.parse(await client.line) as T
  } finally {
    server.kill()
  }
}

export const measureBulk = (peer: string, bytes: number): Promise<BulkResult> => measure(peer, 'bulk', bytes)
export const measureIdle = (peer: string): Promise<LatencyResult> => measure(peer, 'latency-idle')
export const measureUnderBulk = (peer: string): Promise<LatencyResult> => measure(peer, 'latency-under-bulk')
