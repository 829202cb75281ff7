import type { JSX } from 'react'
import { useApp } from '../../store/app-store'
import { useFeed } from '../../store/use-feed'
import { texts } from './texts'

const answersFilter = (requestId: number): string => `req.id == ${requestId}`

/** How many answers to a request are in the list so far; null while that is not known. */
export function useAnswerCount(requestId: number): number | null {
  const { item } = useFeed('list', { view: { filter: answersFilter(requestId), marks: [], order: 'time' } })
  return item?.shown ?? null
}

interface AnswersLinkProps {
  readonly requestId: number
  readonly words: string
}

/** The way from a request to all of its answers in the list. */
export function AnswersLink({ requestId, words }: AnswersLinkProps): JSX.Element {
  const { barModeChosen, draftTyped, draftEntered } = useApp.getState()
  const show = (): void => {
    barModeChosen('filter')
    draftTyped(answersFilter(requestId))
    draftEntered()
  }
  return (
    <button type="button" className="textlink" title={texts.showAnswers} onClick={show}>
      {words}
    </button>
  )
}

/** A request may be answered again and again: how often, where it was more than once. */
export function AllAnswers({ requestId }: { readonly requestId: number }): JSX.Element | null {
  const count = useAnswerCount(requestId)
  return count === null || count < 2 ? null : (
    <AnswersLink requestId={requestId} words={texts.answers(count)} />
  )
}
