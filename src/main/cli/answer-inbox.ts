import type { ConsoleError } from '../../shared/errors'
import type { Answer, OutgoingSubscription } from '../netcore/stack-types'

/** The answers to one request in the order they came, for one reader who takes them one by one. */
export class AnswerInbox {
  readonly #answers: Answer[] = []
  #end: { readonly error: ConsoleError | null } | undefined
  #wakeReader: () => void = () => undefined

  /** What the link tells. */
  readonly sink: Pick<OutgoingSubscription, 'onAnswer' | 'onEnd'> = {
    onAnswer: (answer) => {
      this.#answers.push(answer)
      this.#wakeReader()
      return false
    },
    onEnd: (error) => {
      this.#end = { error }
      this.#wakeReader()
    },
  }

  /** The next answer, or null after the last. @throws ConsoleError why the answers ended before their end. */
  async next(): Promise<Answer | null> {
    while (this.#answers.length === 0 && this.#end === undefined) {
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve
      })
    }
    const answer = this.#answers.shift()
    if (answer !== undefined) return answer
    if (this.#end?.error) throw this.#end.error
    return null
  }
}
