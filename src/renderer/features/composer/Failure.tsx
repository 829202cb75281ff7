import type { JSX } from 'react'
import type { WireError } from '../../../shared/errors'
import { sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { MessageLink } from './MessageLink'

/** What went wrong with a message, and what helps. */
export function Failure({ problem, id }: { readonly problem: WireError; readonly id?: number }): JSX.Element {
  const words = sentences(problem.message, problem.remedy)
  return (
    <>
      <Icon name="x" small tone="err" />
      {id !== undefined && <MessageLink id={id} />}
      <b className="b err">{problem.code}</b>
      <span className="ell" title={words}>
        {words}
      </span>
    </>
  )
}
