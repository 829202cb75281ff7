import type { FieldRef, FilterSubject, SubjectValues } from '../../../shared/filter/filter-types'
import { splitPartner } from '../../../shared/filter/fields'
import { KINDS } from '../message-words'
import { MessageCursor, type SubjectSource } from './message-cursor'
import { type FieldReader, fieldReader } from './message-fields'

export type { SubjectLink, SubjectSource } from './message-cursor'

/** A message as the filter sees it: one object that is moved from message to message. */
export interface MessageSubject extends FilterSubject {
  /** Makes this the message that `field` speaks of. False, and without any field, when it is not kept. */
  moveTo(messageId: number): boolean
}

const RESPONSE = KINDS.number('response')

interface Lookup {
  readonly partner: 'rep' | 'req' | null
  readonly read: FieldReader
}

/**
 * Makes a subject over the kept messages of a capture. Values are read when they are asked for; bytes are borrowed until
 * the next change of the capture. Reading a single value from columns allocates nothing.
 */
export function messageSubject(source: SubjectSource): MessageSubject {
  const own = new MessageCursor(source)
  const partner = new MessageCursor(source)
  const lookups = new Map<string, Lookup>()
  let isKept = false
  /** Number of the partner that `partner` stands at; -1 before anybody asked. */
  let partnerAt = -1

  const partnerOf = (which: 'rep' | 'req'): MessageCursor | undefined => {
    const { columns, at } = own
    const isAnswer = columns.kinds[at] === RESPONSE
    const id = columns.partnerIds[at]!
    if (id === 0 || isAnswer !== (which === 'req')) return undefined
    if (partnerAt !== id) {
      partner.moveTo(id)
      partnerAt = id
    }
    return partner.id === 0 ? undefined : partner
  }

  const lookup = (name: string): Lookup => {
    const known = lookups.get(name)
    if (known !== undefined) return known
    const [which, ownName] = splitPartner(name)
    const found = { partner: which, read: fieldReader(ownName) }
    lookups.set(name, found)
    return found
  }

  return {
    moveTo(messageId) {
      isKept = own.moveTo(messageId)
      partnerAt = -1
      return isKept
    },
    field(ref: FieldRef): SubjectValues {
      if (!isKept) return undefined
      const { partner: which, read } = lookup(ref.name)
      if (which === null) return read(own, ref)
      const other = partnerOf(which)
      return other && read(other, ref)
    },
  }
}
