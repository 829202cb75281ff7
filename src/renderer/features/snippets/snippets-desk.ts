import type { ContractClient } from '../../../shared/contract/contract-client'
import { asConsoleError, hasCode, toWireError } from '../../../shared/errors'
import type { WorkspaceFile } from '../../../shared/workspace/workspace-types'
import { SNIPPET_TEMPLATE } from './snippet-template'
import { isEdited, type OpenSnippet, useSnippets } from './snippets-store'

const { getState: get, setState: set } = useSnippets

/** Does something with the core; what goes wrong stands in the store, for the person. Undefined then. */
async function tried<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    const result = await work
    set({ problem: null })
    return result
  } catch (error) {
    if (!hasCode(error, 'CHANNEL_CLOSED')) set({ problem: toWireError(asConsoleError(error)) })
    return undefined
  }
}

const openOf = ({ name, revision, text }: WorkspaceFile): OpenSnippet => ({
  name,
  revision,
  savedText: text,
  text,
  theirs: undefined,
})

/** Shows a snippet in the editor. What was written in another one and not saved stays there: it is saved first. */
export async function openSnippet(client: ContractClient, name: string): Promise<void> {
  const before = get().open
  if (before !== null && before.name !== name && isEdited(before) && !(await saveSnippet(client))) return
  set({ isOpening: true })
  const read = await tried(client.call('workspace.read', { kind: 'snippets', name }))
  set({ isOpening: false, ...(read !== undefined && { open: openOf(read.file), chosenRunId: null }) })
}

/** Resolves to whether what is in the editor is in the file. A file that changed meanwhile is shown beside it. */
export async function saveSnippet(client: ContractClient): Promise<boolean> {
  const { open } = get()
  if (open === null || !isEdited(open)) return true
  const { name, text, revision } = open
  try {
    const { file } = await client.call('workspace.save', { kind: 'snippets', name, text, revision })
    set({ problem: null })
    changeOpen(name, (now) => ({ ...now, revision: file.revision, savedText: text, theirs: undefined }))
    return true
  } catch (error) {
    if (hasCode(error, 'WORKSPACE_CONFLICT')) await compare(client, name)
    else set({ problem: toWireError(asConsoleError(error)) })
    return false
  }
}

/** Makes a snippet and opens it. Resolves to whether that worked. */
export async function createSnippet(
  client: ContractClient,
  name: string,
  text: string = SNIPPET_TEMPLATE,
): Promise<boolean> {
  const before = get().open
  if (before !== null && isEdited(before) && !(await saveSnippet(client))) return false
  const saved = await tried(client.call('workspace.save', { kind: 'snippets', name, text, revision: null }))
  if (saved !== undefined) set({ open: openOf(saved.file), chosenRunId: null, isFresh: true })
  return saved !== undefined
}

export async function renameSnippet(client: ContractClient, from: string, to: string): Promise<void> {
  const renamed = await tried(client.call('workspace.rename', { kind: 'snippets', from, to }))
  if (renamed === undefined) return
  const { name, revision } = renamed.file
  changeOpen(from, (open) => ({ ...open, name, revision }))
}

export async function removeSnippet(client: ContractClient, name: string): Promise<void> {
  const entry = get().entries?.find((each) => each.name === name)
  const revision = get().open?.name === name ? get().open?.revision : entry?.revision
  if (revision === undefined || revision === null) {
    set({ open: null })
    return
  }
  const removed = await tried(client.call('workspace.remove', { kind: 'snippets', name, revision }))
  if (removed !== undefined && get().open?.name === name) set({ open: null, chosenRunId: null })
}

/** Saves the open snippet and runs it. */
export async function runSnippet(client: ContractClient, linkId: number): Promise<void> {
  if (!(await saveSnippet(client))) return
  const { open, environment } = get()
  if (open === null) return
  set({ chosenRunId: null })
  await tried(client.call('snippet.run', { name: open.name, link: linkId, environment, variables: {} }))
}

export const stopRun = (client: ContractClient, runId: number): Promise<unknown> =>
  tried(client.call('snippet.stop', { runId }))

/** The editor takes the file as it is now, or goes on with what it has and overwrites that at the next saving. */
export function settleConflict(takes: 'theirs' | 'mine'): void {
  const { open } = get()
  if (open?.theirs === undefined) return
  const { theirs } = open
  if (takes === 'mine') {
    set({
      open: { ...open, revision: theirs?.revision ?? null, savedText: theirs?.text ?? '', theirs: undefined },
    })
  } else if (theirs !== null) set({ open: openOf(theirs) })
}

/** A file changed outside: the editor follows while nothing is written in it, else it asks. */
export async function followFile(client: ContractClient): Promise<void> {
  const { open, entries } = get()
  if (open === null || entries === null) return
  const entry = entries.find(({ name }) => name === open.name)
  if (entry?.revision === open.revision) return
  if (entry === undefined && open.revision === null) return
  await compare(client, open.name)
}

async function compare(client: ContractClient, name: string): Promise<void> {
  let theirs: WorkspaceFile | null
  try {
    const { file } = await client.call('workspace.read', { kind: 'snippets', name })
    theirs = file
  } catch (error) {
    if (!hasCode(error, 'WORKSPACE_FILE_UNKNOWN')) return // the list says what is wrong with it
    theirs = null
  }
  changeOpen(name, (open) => {
    if (theirs !== null && theirs.revision === open.revision) return open
    if (theirs !== null && (theirs.text === open.text || !isEdited(open))) return openOf(theirs)
    return { ...open, theirs }
  })
}

function changeOpen(name: string, change: (open: OpenSnippet) => OpenSnippet): void {
  set(({ open }) => (open?.name === name ? { open: change(open) } : {}))
}
