import type { ListChanged } from '../../../shared/model/list-view'

type ViewState = Omit<ListChanged, 'changedFrom'>

/** What one screen was told of a view: a single number for all that changed since. */
export class ViewWatch {
  /** The first time everything is new. */
  #changedFrom = 0
  #told = ''

  /** Rows at this position and beyond may look different. */
  note(position: number): void {
    if (position < this.#changedFrom) this.#changedFrom = position
  }

  /** What changed since the last call, or undefined when nothing did. */
  take(state: ViewState): ListChanged | undefined {
    const changedFrom = Math.max(state.first, Math.min(this.#changedFrom, state.end))
    const told = JSON.stringify(state)
    if (told === this.#told && changedFrom === state.end) return undefined
    this.#told = told
    this.#changedFrom = Number.POSITIVE_INFINITY
    return { ...state, changedFrom }
  }
}
