import type { Clock } from '../../../shared/model/clock'
import type { Capture } from '../../capture/capture'
import type { Handlers } from './handlers'

export const captureHandlers = (capture: Capture, clock: Clock): Pick<Handlers, 'capture.clear'> => ({
  'capture.clear': () => {
    capture.clear(clock.nowMs())
    return {}
  },
})
