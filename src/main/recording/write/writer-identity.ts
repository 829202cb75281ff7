import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** A part from another computer, whose programs cannot be asked, is taken for abandoned when it lay still for so long. */
const ABANDONED_AFTER_MS = 24 * 3_600_000

/** Facts for the record `session`: which program writes, so that nobody takes a part from under its hands. */
export function writerFacts(): Readonly<Record<string, string>> {
  const started = startOf(process.pid)
  return {
    writer_pid: `${process.pid}`,
    writer_host: hostname(),
    ...(started !== undefined && { writer_started: started }),
  }
}

/**
 * Whether the program that began a part may still write it. A number of a process that another one has by now counts as the
 * same only where the system does not tell when a process began.
 *
 * @param facts - The record `session` of the part; null when it has none that can be read.
 * @param stillForMs - How long the file has not been written.
 */
export function mayBeWritten(facts: ReadonlyMap<string, string> | null, stillForMs: number): boolean {
  const pid = Number(facts?.get('writer_pid'))
  // somebody may be about to write the beginning
  if (facts === null || !Number.isSafeInteger(pid) || pid <= 0) return stillForMs < SETTLING_MS
  if (facts.get('writer_host') !== hostname()) return stillForMs < ABANDONED_AFTER_MS
  if (!isRunning(pid)) return false
  const started = facts.get('writer_started')
  const now = startOf(pid)
  return started === undefined || now === undefined || started === now
}

const SETTLING_MS = 10_000

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // it runs, and is not ours
  }
}

/** When a process began, as Linux tells it; undefined elsewhere. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // the name of the program may have blanks and brackets: fields are counted from its end
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
