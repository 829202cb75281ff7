import { useEffect, useState } from 'react'
import type { ContractClient } from '../../../shared/contract/contract-client'
import { asConsoleError, toWireError } from '../../../shared/errors'
import { MAX_LIBRARY_WINDOW, type RecordingRow } from '../../../shared/model/library'
import { NewestQuestion } from '../../store/newest-question'
import { type LibrarySearch, useLibrary } from './library-store'

/** Rows asked for above and below those in sight. */
const MARGIN_ROWS = 30

export interface LibraryWindow {
  /** What these rows are of; null before the first have come. */
  readonly search: LibrarySearch | null
  readonly total: number
  readonly from: number
  readonly rows: readonly RecordingRow[]
}

const NOTHING: LibraryWindow = { search: null, total: 0, from: 0, rows: [] }

/** The rows around what is in sight, asked for again whenever something changed. One question at a time. */
export function useLibraryRows(
  client: ContractClient,
  search: LibrarySearch,
  first: number,
  end: number,
  version: number,
): LibraryWindow {
  const [window, setWindow] = useState(NOTHING)
  const [questions] = useState(() => new NewestQuestion())
  const from = Math.max(0, first - MARGIN_ROWS)
  const count = Math.min(MAX_LIBRARY_WINDOW, Math.max(60, end + MARGIN_ROWS - from))
  useEffect(() => {
    questions.ask(() => {
      return client.call('library.list', { ...search, from, count }).then(
        ({ total, rows }) => setWindow({ search, total, from, rows }),
        (error: unknown) => useLibrary.getState().failed(toWireError(asConsoleError(error))),
      )
    })
  }, [client, questions, search, from, count, version])
  return window
}
