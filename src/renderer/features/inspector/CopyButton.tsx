import { type JSX, useEffect, useState } from 'react'
import { toHex, tryUtf8 } from '../../../shared/bytes'
import type { MessageDetail } from '../../../shared/model/views'
import { Icon } from '../../ui/icons'
import { texts } from '../../ui/texts'

const SHOWN_MS = 1500

type Outcome = 'none' | 'copied' | 'failed'

/** Copies the body: as text when it is UTF-8, else as hex. From the model, never from what is drawn. */
export function CopyButton({ detail }: { readonly detail: MessageDetail }): JSX.Element | null {
  const [outcome, setOutcome] = useState<Outcome>('none')
  useEffect(() => {
    if (outcome === 'none') return
    const timer = setTimeout(() => setOutcome('none'), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [outcome])
  if (!detail.hasBody || detail.body.length === 0 || detail.body.length < detail.doneBytes) return null
  const copy = (): void => {
    navigator.clipboard.writeText(tryUtf8(detail.body) ?? toHex(detail.body)).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    )
  }
  const { label, icon } = LOOKS[outcome]
  return (
    <button type="button" className="btn ghost sm sq" title={label} aria-label={label} onClick={copy}>
      <Icon name={icon} {...(outcome !== 'none' && { tone: outcome === 'copied' ? 'ok' : 'err' })} />
    </button>
  )
}

const LOOKS = {
  none: { label: texts.inspector.copy, icon: 'copy' },
  copied: { label: texts.inspector.copied, icon: 'check' },
  failed: { label: texts.inspector.notCopied, icon: 'x' },
} as const satisfies Record<Outcome, unknown>
