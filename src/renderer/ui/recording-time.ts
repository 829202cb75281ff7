import { parseDuration } from '../../shared/workspace/duration'

const two = (value: number): string => `${value}`.padStart(2, '0')

/** `03:12`, `1:02:03`: how long a recording is. */
export function formatLength(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const tail = `${two(minutes)}:${two(seconds % 60)}`
  return hours === 0 ? tail : `${hours}:${tail}`
}

/** `03:12.418`: a place within a recording. */
export function formatPlace(ms: number): string {
  const whole = Math.floor(ms / 1000) * 1000
  return `${formatLength(whole)}.${`${Math.floor(ms - whole)}`.padStart(3, '0')}`
}

/** Milliseconds of a place as people write it: `03:12.418`, `1:02:03`, or a duration such as `1m30s`; undefined when it is none. */
export function parsePlace(text: string): number | undefined {
  const clock = /^(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:\.(\d{1,3}))?$/.exec(text.trim())
  if (clock === null) return parseDuration(text)
  const [, hours = '0', minutes, seconds, part = ''] = clock
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(part.padEnd(3, '0'))
}
