import type { JSX } from 'react'
import { Icon } from './icons'

interface SortHeadProps {
  readonly label: string
  /** What a press does, in words. */
  readonly hint: string
  readonly className: string
  /** Null while the rows stand in another order. */
  readonly sorted: 'ascending' | 'descending' | null
  readonly onPress: () => void
}

/** The head of a column that rows can be ordered by. */
export function SortHead({ label, hint, className, sorted, onPress }: SortHeadProps): JSX.Element {
  return (
    <span role="columnheader" className={className} aria-sort={sorted ?? 'none'}>
      <button type="button" className={sorted === null ? undefined : 'on'} title={hint} onClick={onPress}>
        {label}
        {sorted !== null && (
          <span className={sorted === 'descending' ? 'sort' : 'sort is-up'}>
            <Icon name="down" small />
          </span>
        )}
      </button>
    </span>
  )
}
