import { lsoPeer } from './lso'
import type { BenchPeer } from './peer'
import { rawPeer } from './raw'

export const peers: readonly BenchPeer[] = [
  rawPeer('raw-64k', '64k'),
  rawPeer('raw-4k', '4k'),
  lsoPeer('lso'),
]
