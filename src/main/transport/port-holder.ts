import { readdir, readFile, readlink, realpath } from 'node:fs/promises'

export interface PortHolder {
  readonly pid: number
  readonly name: string
}

/**
 * Which process has a device open, as far as this person may see: other people's processes stay hidden, and only Linux
 * tells. Undefined when unknown. Never throws.
 */
export async function findPortHolder(path: string, procRoot?: string): Promise<PortHolder | undefined> {
  return (await findPortHolders([path], procRoot)).get(path)
}

/** The same for several paths in one go through the processes. Paths that nobody is seen to hold are absent. */
export async function findPortHolders(
  paths: readonly string[],
  procRoot = '/proc',
): Promise<ReadonlyMap<string, PortHolder>> {
  const holders = new Map<string, PortHolder>()
  if (paths.length === 0) return holders
  const wanted = new Map<string, string>()
  for (const path of paths) wanted.set(await realpath(path).catch(() => path), path)
  const processes = await readdir(procRoot).catch(() => [])
  for (const entry of processes) {
    if (!/^\d+$/.test(entry)) continue
    const files = await readdir(`${procRoot}/${entry}/fd`).catch(() => [])
    const opened = await Promise.all(
      files.map((file) => readlink(`${procRoot}/${entry}/fd/${file}`).catch(() => '')),
    )
    for (const target of opened) {
      const path = wanted.get(target)
      if (path === undefined || holders.has(path)) continue
      const name = await readFile(`${procRoot}/${entry}/comm`, 'utf8').catch(() => 'a program')
      holders.set(path, { pid: Number(entry), name: name.trim() })
    }
    if (holders.size === wanted.size) break
  }
  return holders
}
