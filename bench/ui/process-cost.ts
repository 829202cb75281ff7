import { readFileSync } from 'node:fs'

/** What a process costs, as the system counts it. Linux only; undefined elsewhere. */
export interface ProcessCost {
  readonly cpuMs: number
  readonly residentBytes: number
}

const TICKS_PER_SECOND = 100
const PAGE_BYTES = 4096

export function processCost(pid: number): ProcessCost | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // the name in brackets may hold blanks; the fields after it are numbered from 3
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = Number(fields[11]) + Number(fields[12])
    return {
      cpuMs: (ticks * 1000) / TICKS_PER_SECOND,
      residentBytes: Number(fields[21]) * PAGE_BYTES,
    }
  } catch {
    return undefined
  }
}
