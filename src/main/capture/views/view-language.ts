import { ConsoleError } from '../../../shared/errors'
import type { RowFilter } from './row-filter'
import type { CellOf } from './view'

/** What views understand of texts: filters, and fields as further columns. */
export interface ViewLanguage {
  /** Null for a text that every message matches. @throws ConsoleError `FILTER_INVALID` with the problems in `details`. */
  filter(text: string): RowFilter | null
  /** @throws ConsoleError `FILTER_INVALID` for what is no field. */
  cell(field: string): CellOf
}

export const viewLanguage = (): ViewLanguage => ({
  filter: (text) => {
    if (text.trim() === '') return null
    throw new ConsoleError('FILTER_INVALID', 'not understood', { filter: text })
  },
  cell: () => () => '',
})
