import type { RemarksPlace } from '../main/console/recordings/tape-marks'
import { formatRemarks, parseRemarks } from '../shared/workspace/recording-file'

/** The file beside a recording, as a text that tests read and change. */
export class RemarksInMemory implements RemarksPlace {
  text: string
  /** What the next change fails with. */
  failure: Error | undefined

  constructor(text = '') {
    this.text = text
  }

  read(): ReturnType<RemarksPlace['read']> {
    const { value, problem } = parseRemarks(this.text, 'a.yaml')
    if (problem) throw new Error(problem.message)
    return value
  }

  change(change: Parameters<RemarksPlace['change']>[0]): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure)
    try {
      this.text = formatRemarks(change(this.read()), this.text)
      return Promise.resolve()
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    }
  }
}
