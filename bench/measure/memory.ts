import { readFileSync } from 'node:fs'

/**
 * The most memory this process has had, in MiB. On Linux from the process itself: what getrusage tells a fresh process is
 * partly the memory of the one that started it.
 */
export function peakRssMiB(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024
  const highWater = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
  return Number(highWater![1]) / 1024
}
