import { create } from 'zustand'
import type { WireError } from '../../../shared/errors'
import type { SnippetRunsState } from '../../../shared/model/snippets'
import type { WorkspaceEntry, WorkspaceFile } from '../../../shared/workspace/workspace-types'

/** The snippet in the editor. */
export interface OpenSnippet {
  readonly name: string
  /** Of the file as it was read or saved last; null when it is not there any more. */
  readonly revision: string | null
  readonly savedText: string
  readonly text: string
  /** The file is another one meanwhile, and so is the text here. `undefined` while nothing is the matter. */
  readonly theirs: WorkspaceFile | null | undefined
}

interface SnippetsState {
  /** Null until the core has told. */
  readonly entries: readonly WorkspaceEntry[] | null
  /** Names of the messages and environments of the workspace. */
  readonly messages: readonly string[]
  readonly environments: readonly string[]
  readonly open: OpenSnippet | null
  readonly isOpening: boolean
  /** It was made just now: the editor takes the focus. */
  readonly isFresh: boolean
  readonly environment: string
  readonly runs: SnippetRunsState | null
  /** A run that was chosen among the last ones; null for the newest of the open snippet. */
  readonly chosenRunId: number | null
  /** What failed last: reading, saving, running. */
  readonly problem: WireError | null
}

/** What the snippets show. It outlives the page, which is gone while another is shown. */
export const useSnippets = create<SnippetsState>()(() => ({
  entries: null,
  messages: [],
  environments: [],
  open: null,
  isOpening: false,
  isFresh: false,
  environment: '',
  runs: null,
  chosenRunId: null,
  problem: null,
}))

export const isEdited = ({ text, savedText, revision }: OpenSnippet): boolean =>
  text !== savedText || revision === null
