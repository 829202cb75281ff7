import { ConsoleError } from '../errors'
import type { PulseStep } from './views'

export const MAX_PULSE_STEPS = 16
export const MAX_PULSE_STEP_MS = 10_000

/** DTR low for 100 ms, then high again: resets an Arduino and most boards with a capacitor between DTR and reset. */
export const DEFAULT_RESET: readonly PulseStep[] = [
  { dtr: false, ms: 100 },
  { dtr: true, ms: 0 },
]

/**
 * Parses a reset recipe: steps with a comma between them, each made of words with a colon between them. `dtr-` and `rts-`
 * lower a line, `dtr+` and `rts+` raise it, and a number at the end holds the step for so many milliseconds (0 without
 * one). `dtr-:rts+:100,rts-:50,dtr+` lowers DTR and raises RTS, waits 100 ms, lowers RTS, waits 50 ms, raises DTR.
 *
 * In an address a plus sign may be typed as it is: there it arrives as a blank, which is read as a plus.
 *
 * @throws ConsoleError `URL_BAD_OPTION` naming the step that is wrong.
 */
export function parseResetRecipe(text: string): readonly PulseStep[] {
  const steps = text.split(',')
  if (steps.length > MAX_PULSE_STEPS)
    throw bad(`it has ${steps.length} steps, ${MAX_PULSE_STEPS} are allowed`)
  return steps.map(parseStep)
}

/** The recipe in its normal form, which parses to the same steps. */
export const formatResetRecipe = (steps: readonly PulseStep[]): string =>
  steps
    .map(({ dtr, rts, ms }) =>
      [...word('dtr', dtr), ...word('rts', rts), ...(ms > 0 ? [String(ms)] : [])].join(':'),
    )
    .join(',')

const word = (line: 'dtr' | 'rts', isHigh: boolean | undefined): string[] =>
  isHigh === undefined ? [] : [`${line}${isHigh ? '+' : '-'}`]

function parseStep(text: string): PulseStep {
  const shown = text.replaceAll(' ', '+')
  let step: { dtr?: boolean; rts?: boolean; ms?: number } = {}
  for (const part of shown.split(':')) {
    if (step.ms !== undefined) throw bad(`"${shown}": the time stands last in a step`)
    const line = /^(dtr|rts)([+-])$/i.exec(part)
    if (line) {
      const name = line[1]!.toLowerCase() as 'dtr' | 'rts'
      if (step[name] !== undefined) throw bad(`"${shown}" sets ${name} twice`)
      step = { ...step, [name]: line[2] === '+' }
    } else if (/^\d{1,5}$/.test(part) && Number(part) <= MAX_PULSE_STEP_MS) {
      step = { ...step, ms: Number(part) }
    } else {
      throw bad(`"${part}" is neither dtr-, dtr+, rts-, rts+ nor a time of 0 to ${MAX_PULSE_STEP_MS} ms`)
    }
  }
  if (step.dtr === undefined && step.rts === undefined && (step.ms ?? 0) === 0) {
    throw bad(`"${shown}" neither sets a line nor waits`)
  }
  return { ...step, ms: step.ms ?? 0 }
}

const bad = (why: string): ConsoleError =>
  new ConsoleError('URL_BAD_OPTION', `the reset recipe is wrong: ${why}`, {
    remedy: 'Write steps such as dtr-:rts+:100,dtr+ (lines, then milliseconds; a comma between steps).',
  })
