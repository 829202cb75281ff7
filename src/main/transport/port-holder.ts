import { readdir, readFile, readlink, realpath } from 'node:fs/promises'

export interface PortHolder {
  readonly pid: number
  readonly name: string
}

/**
 * Which process has a device open, as far as this person may see: other people's processes stay hidden, and only Linux
 * tells. Undefined when unknown. Never throws.
 */
export async function findPortHolder(path: string): Promise<PortHolder | undefined> {
  const target = await realpath(path).catch(() => path)
  const processes = await readdir('/proc').catch(() => [])
  for (const entry of processes) {
    if (!/^\d+$/.test(entry)) continue
    const files = await readdir(`/proc/${entry}/fd`).catch(() => [])
    for (const file of files) {
      const opened = await readlink(`/proc/${entry}/fd/${file}`).catch(() => '')
      if (opened !== target) continue
      const name = await readFile(`/proc/${entry}/comm`, 'utf8').catch(() => 'a program')
      return { pid: Number(entry), name: name.trim() }
    }
  }
  return undefined
}
