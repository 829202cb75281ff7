import type { Clock } from '../../../shared/model/clock'
import type { Capture } from '../../capture/capture'
import type { Handlers } from './handlers'

type CaptureCommand = 'capture.overview' | 'capture.clear'

export const captureHandlers = (capture: Capture, clock: Clock): Pick<Handlers, CaptureCommand> => ({
  'capture.overview': ({ bins }) => ({ overview: capture.overview(bins, clock.nowMs()) }),
  'capture.clear': () => {
    capture.clear(clock.nowMs())
    return {}
  },
})
