import { peakRssMiB } from './measure/memory'

/** What a Node process needs that does nothing. */
process.send?.(peakRssMiB())
process.disconnect()
