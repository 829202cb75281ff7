import { useState } from 'react'
import { keepSetting, readSetting } from '../../store/kept-settings'
import { AUX_KINDS, type AuxKind } from './aux-types'

const SETTING = 'lanes-below'

function keptKinds(): readonly AuxKind[] {
  const kept = readSetting(SETTING)?.split(',')
  return kept === undefined ? AUX_KINDS : AUX_KINDS.filter((kind) => kept.includes(kind))
}

/** Which lanes stand below those of the messages: kept from one time to the next. */
export function useAuxKinds(): { kinds: readonly AuxKind[]; toggleKind: (kind: AuxKind) => void } {
  const [kinds, setKinds] = useState(keptKinds)
  const toggleKind = (kind: AuxKind): void => {
    const next = AUX_KINDS.filter((other) => kinds.includes(other) !== (other === kind))
    setKinds(next)
    keepSetting(SETTING, next.join(','))
  }
  return { kinds, toggleKind }
}
