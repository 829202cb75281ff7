import { useEffect, useState } from 'react'
import { inspectorTexts } from './texts'

const SHOWN_MS = 1800

/** Puts text on the clipboard; the returned word says for a moment how that went. */
export function useCopy(): readonly [
  said: string,
  copy: (text: string | Promise<string>, done?: string) => void,
] {
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (said === '') return
    const timer = setTimeout(() => setSaid(''), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [said])
  const copy = (text: string | Promise<string>, done: string = inspectorTexts.copied): void => {
    // in an insecure context there is no clipboard at all
    if (!('clipboard' in navigator)) {
      setSaid(inspectorTexts.notCopied)
      return
    }
    Promise.resolve(text)
      .then((value) => navigator.clipboard.writeText(value))
      .then(
        () => setSaid(done),
        () => setSaid(inspectorTexts.notCopied),
      )
  }
  return [said, copy]
}
