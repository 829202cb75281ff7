import { type JSX, useEffect, useState } from 'react'
import { Icon } from './icons'

const SHOWN_MS = 1500

type Outcome = 'none' | 'copied' | 'failed'
const ICONS = { none: 'copy', copied: 'check', failed: 'x' } as const

interface CopyTextProps {
  readonly text: string
  /** What a press does, what it did, and that it could not: `Copy the command`, `Copied`, `… refused …`. */
  readonly labels: Readonly<Record<Outcome, string>>
  /** Where the arrow keys, and not Tab, lead to it. */
  readonly tabIndex?: number
}

/** Copies a short text, such as the command that helps, and says whether that worked. */
export function CopyText({ text, labels, tabIndex }: CopyTextProps): JSX.Element {
  const [outcome, setOutcome] = useState<Outcome>('none')
  useEffect(() => {
    if (outcome === 'none') return
    const timer = setTimeout(() => setOutcome('none'), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = (): void => {
    // in an insecure context there is no clipboard at all
    if (!('clipboard' in navigator)) setOutcome('failed')
    else {
      navigator.clipboard.writeText(text).then(
        () => setOutcome('copied'),
        () => setOutcome('failed'),
      )
    }
  }
  return (
    <button
      type="button"
      className="btn ghost sm sq"
      title={labels[outcome]}
      aria-label={labels[outcome]}
      tabIndex={tabIndex}
      onClick={(event) => {
        event.stopPropagation() // the row it stands in is not meant
        copy()
      }}
    >
      <Icon
        name={ICONS[outcome]}
        {...(outcome !== 'none' && { tone: outcome === 'copied' ? 'ok' : 'err' })}
      />
    </button>
  )
}
