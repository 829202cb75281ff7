/**
 * Small choices of the person that outlive the page. Storage may be missing, full or forbidden (private windows, a
 * foreign origin); then the choice holds until the page closes.
 */
const PREFIX = 'netcore-console:'

export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name)
  } catch {
    return null
  }
}

export function keepSetting(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value)
  } catch {
    // the choice holds for this page only: nothing the person could do about it now
  }
}
