import { type JSX, useEffect, useState } from 'react'
import { useSession } from '../../store/session-context'
import { texts } from './texts'

/** Whether the answer is what was expected. */
export function Expected({
  filter,
  answerId,
}: {
  readonly filter: string
  readonly answerId: number
}): JSX.Element | null {
  const { client } = useSession()
  const key = `msg.id == ${answerId} and (${filter})`
  const [held, setHeld] = useState<{ readonly key: string; readonly isMet: boolean } | null>(null)
  useEffect(() => {
    const view = { filter: key, marks: [], order: 'time' as const }
    client.call('list.position', { view, messageId: answerId }).then(
      ({ position }) => setHeld({ key, isMet: position !== null }),
      () => setHeld({ key, isMet: false }), // no filter: the field says so
    )
  }, [client, key, answerId])
  if (held?.key !== key) return null
  return held.isMet ? (
    <span className="ok">{texts.met}</span>
  ) : (
    <span className="err ell" title={texts.notMet(filter)}>
      {texts.notMet(filter)}
    </span>
  )
}
