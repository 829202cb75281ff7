import { create } from 'zustand'
import type { ContractClient } from '../../../shared/contract/contract-client'
import { asConsoleError, hasCode, toWireError, type WireError } from '../../../shared/errors'
import { EMPTY_DRAFT, formatMessage } from '../../../shared/workspace/message-file'
import type { WorkspaceFile } from '../../../shared/workspace/workspace-types'

export type SendKind = 'messages' | 'environments'

/** A file that is edited. */
export interface OpenFile {
  readonly kind: SendKind
  readonly name: string
  /** As it was read or saved last. */
  readonly saved: string
  readonly revision: string
  /** As it stands in the editor. */
  readonly text: string
  /** As it is on disk by now, when somebody else changed it below our edits; null when it was removed. */
  readonly theirs?: WorkspaceFile | null
}

interface SendState {
  readonly open: OpenFile | null
  readonly problem: WireError | null
  /** Collections that are folded. */
  readonly folded: ReadonlySet<string>
}

export const useSend = create<SendState>()(() => ({ open: null, problem: null, folded: new Set() }))

export const isEdited = (open: OpenFile): boolean => open.text !== open.saved

const failed = (error: unknown): void => useSend.setState({ problem: toWireError(asConsoleError(error)) })
const opened = (file: WorkspaceFile): void =>
  useSend.setState({
    problem: null,
    open: {
      kind: file.kind as SendKind,
      name: file.name,
      saved: file.text,
      revision: file.revision,
      text: file.text,
    },
  })

/** Opens a file; what is not saved of the one before is saved first, so that looking around loses nothing. */
export async function openFile(client: ContractClient, kind: SendKind, name: string): Promise<void> {
  const { open } = useSend.getState()
  if (open !== null && open.kind === kind && open.name === name) return
  if (open !== null && isEdited(open) && !(await saveFile(client))) return
  try {
    opened((await client.call('workspace.read', { kind, name })).file)
  } catch (error) {
    failed(error)
  }
}

/** @returns Whether it is saved. A file that was changed elsewhere is not overwritten: both are shown. */
export async function saveFile(client: ContractClient): Promise<boolean> {
  const { open } = useSend.getState()
  if (open === null) return true
  const { kind, name, text, revision } = open
  try {
    const { file } = await client.call('workspace.save', { kind, name, text, revision })
    const now = useSend.getState().open
    if (now === null || now.name !== name || now.kind !== kind) return true
    const open = { kind, name, text: now.text, saved: text, revision: file.revision }
    useSend.setState({ open, problem: null })
    return true
  } catch (error) {
    if (hasCode(error, 'WORKSPACE_CONFLICT')) await lookAgain(client)
    else failed(error)
    return false
  }
}

/** Reads what is on disk: taken over when nothing was edited here, shown beside it otherwise. */
export async function lookAgain(client: ContractClient): Promise<void> {
  const { open } = useSend.getState()
  if (open === null) return
  const { kind, name } = open
  const file = await client.call('workspace.read', { kind, name }).then(
    (reply) => reply.file,
    () => null,
  )
  const now = useSend.getState().open
  if (now === null || now.kind !== kind || now.name !== name) return
  if (file?.revision === now.revision) return
  if (!isEdited(now)) {
    if (file === null) useSend.setState({ open: null })
    else opened(file)
  } else useSend.setState({ open: { ...now, theirs: file } })
}

/** After both were seen: the other text takes the place of ours, or ours is saved over it. */
export async function settleConflict(client: ContractClient, keep: 'mine' | 'theirs'): Promise<void> {
  const { open } = useSend.getState()
  if (open?.theirs === undefined) return
  const { theirs, ...rest } = open
  if (keep === 'theirs') {
    if (theirs === null) useSend.setState({ open: null })
    else opened(theirs)
    return
  }
  if (theirs !== null) {
    useSend.setState({ open: { ...rest, revision: theirs.revision } })
    await saveFile(client)
    return
  }
  try {
    const { kind, name, text } = rest
    opened((await client.call('workspace.save', { kind, name, text, revision: null })).file)
  } catch (error) {
    failed(error)
  }
}

const NEW_TEXTS: Readonly<Record<SendKind, string>> = {
  messages: formatMessage({
    ...EMPTY_DRAFT,
    route: 'echo',
    body: { format: 'json', text: '{"text":"hello"}' },
  }),
  environments: 'variables:\n  dev: rig-1\n',
}

/** Makes a file and opens it. @param text - Default: something to begin with. */
export async function createFile(
  client: ContractClient,
  kind: SendKind,
  name: string,
  text = NEW_TEXTS[kind],
): Promise<void> {
  try {
    opened((await client.call('workspace.save', { kind, name, text, revision: null })).file)
  } catch (error) {
    failed(error)
  }
}

export async function duplicateFile(client: ContractClient, kind: SendKind, name: string): Promise<void> {
  try {
    const { file } = await client.call('workspace.read', { kind, name })
    const { entries } = await client.call('workspace.list', { kind })
    const taken = new Set(entries.map((entry) => entry.name.toLowerCase()))
    let copy = `${name}-copy`
    for (let nr = 2; taken.has(copy.toLowerCase()); nr++) copy = `${name}-copy-${nr}`
    await createFile(client, kind, copy, file.text)
  } catch (error) {
    failed(error)
  }
}

export async function renameFile(
  client: ContractClient,
  kind: SendKind,
  from: string,
  to: string,
): Promise<void> {
  if (from === to || to === '') return
  try {
    const { open } = useSend.getState()
    const isOpen = open !== null && open.kind === kind && open.name === from
    if (isOpen && isEdited(open) && !(await saveFile(client))) return
    await client.call('workspace.rename', { kind, from, to })
    if (isOpen) opened((await client.call('workspace.read', { kind, name: to })).file)
    else useSend.setState({ problem: null })
  } catch (error) {
    failed(error)
  }
}

export async function removeFile(client: ContractClient, kind: SendKind, name: string): Promise<void> {
  try {
    const { file } = await client.call('workspace.read', { kind, name })
    await client.call('workspace.remove', { kind, name, revision: file.revision })
    const { open } = useSend.getState()
    if (open !== null && open.kind === kind && open.name === name) useSend.setState({ open: null })
  } catch (error) {
    failed(error)
  }
}
