import { groupDigits } from '../../ui/format'

/**
 * A slider over probabilities that differ by powers of ten: 0 is "never", then ten steps per decade from one in a million
 * to one in ten. What is typed may lie anywhere; the slider shows the step next to it.
 */
export const FAULT_STEPS = 51
const LOWEST_EXPONENT = -6
const PER_DECADE = 10

/** The probability a step stands for, as it is written into the form: `0`, `1e-6`, `2.5e-5`, `0.1`. */
export function faultText(step: number): string {
  if (step <= 0) return '0'
  const exponent = LOWEST_EXPONENT + (Math.min(step, FAULT_STEPS) - 1) / PER_DECADE
  const decade = Math.floor(exponent + 1e-9)
  const digits = Number((10 ** (exponent - decade)).toPrecision(2))
  return decade >= -3 ? String(Number((digits * 10 ** decade).toPrecision(2))) : `${digits}e${decade}`
}

/** The step next to a typed probability; 0 for what is none. */
export function faultStep(text: string): number {
  const value = Number(text)
  if (!(value > 0)) return 0
  const step = Math.round((Math.log10(value) - LOWEST_EXPONENT) * PER_DECADE) + 1
  return Math.min(FAULT_STEPS, Math.max(1, step))
}

/** `never`, `one byte in 100 000`; empty for what is no probability. */
export function faultWords(text: string): string {
  const value = text.trim() === '' ? 0 : Number(text)
  if (!(value >= 0 && value <= 1)) return ''
  if (value === 0) return 'never'
  if (value > 0.5) return 'nearly every byte'
  return `one byte in ${groupDigits(Number((1 / value).toPrecision(2)))}`
}
