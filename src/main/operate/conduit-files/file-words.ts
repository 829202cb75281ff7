import type { IncomingRequest } from '../../netcore/stack-types'

/** What the library sends at a time. */
export const CHUNK_BYTES = 64 * 1024
/** Larger pieces are refused; base64 makes a third more of them on the line. */
export const MOST_CHUNK_BYTES = 4 * 1024 * 1024
/** Largest file that is taken unless somebody says otherwise. */
export const MOST_FILE_BYTES = 1024 ** 3
/** Transfers under way at a time; of one more the oldest ends. */
export const MOST_TRANSFERS = 32
/** A transfer that nothing is heard of is over. */
export const IDLE_MS = 5 * 60_000

export type Params = Readonly<Record<string, unknown>>

export const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0

/** Named arguments of a call, or the data of a message; none where it is something else. */
export function paramsOf(request: Pick<IncomingRequest, 'json'>): Params {
  const params = request.json()
  return typeof params === 'object' && params !== null ? (params as Params) : {}
}
