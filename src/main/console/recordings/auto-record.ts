import { asConsoleError, type ConsoleError } from '../../../shared/errors'
import { parseLinkUrl } from '../../../shared/model/link-url'
import type { Profile } from '../../../shared/model/views'
import { factsOfAddress } from './link-facts'
import type { RecorderDesk } from './recorder-desk'

/**
 * Opens a link; where a profile of its address says `record = yes`, a recording is begun before, so that the first byte is in
 * it. A recording that cannot begin keeps no link from opening.
 *
 * @param open - @throws what the caller is told; a recording that was begun for it ends then.
 */
export function openRecorded<T>(
  url: string,
  open: () => T,
  recorder: Pick<RecorderDesk, 'start' | 'stop' | 'recordFor' | 'isRecording'>,
  profiles: { list(): readonly Profile[] },
  onProblem: (problem: ConsoleError) => void,
): T {
  const began = begin(url, recorder, profiles, onProblem)
  try {
    return open()
  } catch (error) {
    if (began) void recorder.stop().catch(() => undefined) // told as its outcome
    throw error
  }
}

/** Returns whether a recording was begun. */
function begin(
  url: string,
  recorder: Pick<RecorderDesk, 'start' | 'recordFor' | 'isRecording'>,
  profiles: { list(): readonly Profile[] },
  onProblem: (problem: ConsoleError) => void,
): boolean {
  try {
    const address = parseLinkUrl(url)
    const profile = profiles.list().find((each) => each.isRecorded === true && each.url === address.text)
    if (profile === undefined) return false
    const isNew = !recorder.isRecording
    if (isNew) recorder.start({ by: 'profile', facts: factsOfAddress(address, profile.name) })
    recorder.recordFor(address.text)
    return isNew
  } catch (error) {
    onProblem(asConsoleError(error))
    return false
  }
}
