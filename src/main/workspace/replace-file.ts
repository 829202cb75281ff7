import { rename, rm, writeFile } from 'node:fs/promises'

let drafts = 0

/** Writes beside and renames: a reader finds the old file or the new one, never a half. Readable by its owner alone. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}-${++drafts}.tmp`
  try {
    await writeFile(draft, text, { mode: 0o600 })
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
