import { formatResetRecipe, parseResetRecipe } from '../../../shared/model/reset-recipe'
import type { PulseStep } from '../../../shared/model/views'

/** Pulses that boards understand. `+` asserts a line, which pulls the pin behind it low. */
export const RESET_PRESETS = {
  usual: '',
  esp32: 'dtr-:rts+:100,rts-',
  'esp32-boot': 'dtr-:rts+:100,dtr+:rts-:50,dtr-',
  avr: 'dtr-:rts-:250,dtr+:rts+:50',
  'stm32-boot': 'rts+:100,dtr-:100,dtr+',
} as const

export type ResetPreset = keyof typeof RESET_PRESETS

/** The steps of a recipe as typed; undefined while it makes no sense. */
export function recipeSteps(text: string): readonly PulseStep[] | undefined {
  if (text.trim() === '') return []
  try {
    return parseResetRecipe(text.replace(/\s/g, ''))
  } catch {
    return undefined
  }
}

/** Which preset a recipe is, however it is written; `own` for any other. */
export function presetOf(text: string): ResetPreset | 'own' {
  const steps = recipeSteps(text)
  const normal = steps === undefined ? text : formatResetRecipe(steps)
  const found = (Object.keys(RESET_PRESETS) as ResetPreset[]).find((name) => RESET_PRESETS[name] === normal)
  return found ?? 'own'
}

/** How long the pulse takes in all, in ms. */
export const recipeMs = (steps: readonly PulseStep[]): number => steps.reduce((sum, { ms }) => sum + ms, 0)
