import type { JSX } from 'react'
import type { DifferenceKind } from '../../../shared/model/compare'

const PATHS: Readonly<Record<DifferenceKind, string>> = {
  equal: 'M4 6h8M4 10h8',
  changed: 'M3 6c2-3 4 3 6 0s3-1 4-1M3 11c2-3 4 3 6 0s3-1 4-1',
  missing: 'm4 4 8 8M12 4l-8 8',
  added: 'M8 3v10M3 8h10',
  reordered: 'M5 13V3M2.5 5.5 5 3l2.5 2.5M11 3v10M8.5 10.5 11 13l2.5-2.5',
}

/** What became of an exchange, as a sign: it does not depend on colour. */
export const KindMark = ({ kind }: { readonly kind: DifferenceKind }): JSX.Element => (
  <svg className="i s" viewBox="0 0 16 16" aria-hidden="true">
    <path d={PATHS[kind]} />
  </svg>
)
