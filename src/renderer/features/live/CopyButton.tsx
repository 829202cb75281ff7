import { type JSX, useEffect, useState } from 'react'
import { toHex, tryUtf8 } from '../../../shared/bytes'
import type { MessageDetail } from '../../../shared/model/views'
import { Icon } from '../../ui/icons'
import { texts } from '../../ui/texts'

const SHOWN_MS = 1500

/** Copies the body: as text when it is UTF-8, else as hex. From the model, never from what is drawn. */
export function CopyButton({ detail }: { readonly detail: MessageDetail }): JSX.Element | null {
  const [isCopied, setIsCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setIsCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [isCopied])
  if (!detail.hasBody || detail.body.length === 0 || detail.body.length < detail.doneBytes) return null
  const copy = (): void => {
    void copyText(tryUtf8(detail.body) ?? toHex(detail.body)).then(setIsCopied)
  }
  const label = isCopied ? texts.inspector.copied : texts.inspector.copy
  return (
    <button type="button" className="btn ghost sm sq" title={label} aria-label={label} onClick={copy}>
      <Icon name={isCopied ? 'check' : 'copy'} {...(isCopied && { tone: 'ok' as const })} />
    </button>
  )
}

/** A host may refuse the clipboard interface to a page; the old way asks nobody. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    area.className = 'sr-only'
    document.body.append(area)
    area.select()
    const isDone = document.execCommand('copy')
    area.remove()
    return isDone
  }
}
