import type { WorkspaceEntry } from '../../../shared/workspace/workspace-types'

export type TreeRow =
  | {
      readonly kind: 'folder'
      readonly name: string
      readonly label: string
      readonly level: number
      readonly count: number
      readonly isOpen: boolean
    }
  | {
      readonly kind: 'file'
      readonly name: string
      readonly label: string
      readonly level: number
      readonly entry: WorkspaceEntry
    }

/** Files as a tree: collections first, then messages, each by name; what lies in a folded collection is left out. */
export function treeRows(
  entries: readonly WorkspaceEntry[],
  folded: ReadonlySet<string>,
): readonly TreeRow[] {
  const rows: TreeRow[] = []
  add(entries, '', 1)
  return rows

  function add(within: readonly WorkspaceEntry[], folder: string, level: number): void {
    const folders = new Map<string, WorkspaceEntry[]>()
    const files: WorkspaceEntry[] = []
    for (const entry of within) {
      const rest = entry.name.slice(folder.length)
      const cut = rest.indexOf('/')
      if (cut < 0) files.push(entry)
      else {
        const name = folder + rest.slice(0, cut)
        folders.set(name, [...(folders.get(name) ?? []), entry])
      }
    }
    for (const [name, inner] of [...folders].sort(([a], [b]) => byName(a, b))) {
      const isOpen = !folded.has(name)
      rows.push({
        kind: 'folder',
        name,
        label: name.slice(folder.length),
        level,
        count: inner.length,
        isOpen,
      })
      if (isOpen) add(inner, `${name}/`, level + 1)
    }
    for (const entry of files.sort((a, b) => byName(a.name, b.name))) {
      rows.push({ kind: 'file', name: entry.name, label: entry.name.slice(folder.length), level, entry })
    }
  }
}

const byName = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })

/** The name of a file in another collection; empty for none. */
export const movedInto = (folder: string, name: string): string => {
  const own = name.slice(name.lastIndexOf('/') + 1)
  return folder === '' ? own : `${folder}/${own}`
}
