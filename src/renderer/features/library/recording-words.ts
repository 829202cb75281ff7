const two = (value: number): string => `${value}`.padStart(2, '0')

/** `2026-11-22 09:05:07`, in the zone of the person who looks. */
export function formatMoment(atMs: number): string {
  const at = new Date(atMs)
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

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
