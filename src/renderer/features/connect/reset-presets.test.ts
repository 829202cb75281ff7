import { expect, test } from 'vitest'
import { formatResetRecipe } from '../../../shared/model/reset-recipe'
import { presetOf, RESET_PRESETS, type ResetPreset, recipeMs, recipeSteps } from './reset-presets'

test('every preset is a recipe in normal form and is found again by its text', () => {
  for (const [name, text] of Object.entries(RESET_PRESETS)) {
    expect(formatResetRecipe(recipeSteps(text)!)).toBe(text)
    expect(presetOf(text)).toBe(name as ResetPreset)
  }
})

test('blanks and large letters do not make another recipe', () => {
  expect(presetOf(' DTR-:RTS+:100, rts- ')).toBe('esp32')
})

test('what is no recipe is somebody’s own, with steps still unknown', () => {
  expect(presetOf('dtr-:100,')).toBe('own')
  expect(recipeSteps('dtr-:100,')).toBeUndefined()
})

test('the times of the steps add up', () => {
  expect(recipeMs(recipeSteps(RESET_PRESETS['esp32-boot'])!)).toBe(150)
})
