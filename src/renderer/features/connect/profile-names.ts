import { MAX_PROFILE_NAME_LENGTH } from '../../../shared/model/link-url'

/** `bench-A copy`, `bench-A copy 2` and so on: the first name nobody has. Copies of a copy count on. */
export function copyName(name: string, taken: readonly string[]): string {
  const stem = name.replace(/ copy( \d+)?$/, '').slice(0, MAX_PROFILE_NAME_LENGTH - 9)
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? `${stem} copy` : `${stem} copy ${count}`
    if (!taken.includes(candidate)) return candidate
  }
}
