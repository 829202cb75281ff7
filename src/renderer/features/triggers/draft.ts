import { compileFilter } from '../../../shared/filter'
import type { FilterProblem } from '../../../shared/filter/filter-types'
import { DEFAULT_RECORDER_SETTINGS } from '../../../shared/model/recorder'
import {
  DEFAULT_COOLDOWN_MS,
  MAX_COOLDOWN_MS,
  MAX_TRIGGER_NAME_LENGTH,
  MAX_TRIGGER_SAVE_MINUTES,
  MIN_COOLDOWN_MS,
  NO_TRIGGER_ACTIONS,
  type TriggerContent,
  type TriggerStatus,
} from '../../../shared/model/triggers'

/** A trigger as it stands in the form. */
export interface Draft extends Omit<TriggerContent, 'cooldownMs'> {
  /** As typed, in milliseconds. */
  readonly cooldown: string
  /** Minutes to save, as typed; null while nothing is saved. */
  readonly save: string | null
}

/** What "save the last minutes" begins with. */
export const USUAL_SAVE_MINUTES = DEFAULT_RECORDER_SETTINGS.saveMinutes

/** @param filter - What the list shows: most triggers begin as a filter that was tried there. */
export const newDraft = (filter: string): Draft => ({
  name: '',
  filter,
  moment: 'settled',
  actions: { ...NO_TRIGGER_ACTIONS, notify: true },
  save: null,
  fires: 'always',
  cooldown: String(DEFAULT_COOLDOWN_MS),
  isEnabled: true,
})

export const draftOf = (trigger: TriggerStatus): Draft => ({
  name: trigger.name,
  filter: trigger.filter,
  moment: trigger.moment,
  actions: trigger.actions,
  fires: trigger.fires,
  cooldown: String(trigger.cooldownMs),
  save: trigger.actions.saveMinutes === 0 ? null : String(trigger.actions.saveMinutes),
  isEnabled: trigger.isEnabled,
})

export const isSameDraft = (one: Draft, other: Draft): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/** Null for a text that is no cooldown. */
export function cooldownMs(text: string): number | null {
  const typed = text.replace(/\s/g, '')
  const ms = /^\d{1,9}$/.test(typed) ? Number(typed) : Number.NaN
  return ms >= MIN_COOLDOWN_MS && ms <= MAX_COOLDOWN_MS ? ms : null
}

/** 0 for none; null for a text that is no count of minutes. */
export function saveMinutes(text: string | null): number | null {
  if (text === null) return 0
  const minutes = /^\s*\d{1,4}\s*$/.test(text) ? Number(text) : 0
  return minutes >= 1 && minutes <= MAX_TRIGGER_SAVE_MINUTES ? minutes : null
}

export type FilterState =
  | { readonly kind: 'ok' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'bad'; readonly problem: FilterProblem }

export function filterState(text: string): FilterState {
  if (text.trim() === '') return { kind: 'empty' }
  const result = compileFilter(text)
  const problem = result.ok ? undefined : result.problems[0]
  return problem === undefined ? { kind: 'ok' } : { kind: 'bad', problem }
}

/** What is to be saved; null while something is missing or wrong. A trigger without a name is called by its filter. */
export function contentOf(draft: Draft): TriggerContent | null {
  const { cooldown, save, ...rest } = draft
  const ms = cooldownMs(cooldown)
  const minutes = saveMinutes(save)
  if (ms === null || minutes === null || filterState(draft.filter).kind !== 'ok') return null
  const filter = draft.filter.trim()
  const name = (draft.name.trim() || filter).slice(0, MAX_TRIGGER_NAME_LENGTH)
  return {
    ...rest,
    name,
    filter,
    cooldownMs: ms,
    actions: { ...rest.actions, note: rest.actions.note.trim(), saveMinutes: minutes },
  }
}
