const two = (value: number): string => `${value}`.padStart(2, '0')

/** `2026-11-22 09:05:07`, in the zone of the person who looks. */
export function formatMoment(atMs: number): string {
  const at = new Date(atMs)
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}
