import type { LibraryOrder } from '../../../shared/model/library'
import type { LibraryItem } from './library-item'

/**
 * The recordings that a search finds: all its words stand in names, tags, note, addresses, routes or text of the recording.
 * `#word` is a tag as a whole, `is:pinned`, `is:damaged`, `is:unfinished` a state.
 */
export function searchLibrary(items: readonly LibraryItem[], query: string): LibraryItem[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return items.filter((item) => words.every((word) => finds(item, word)))
}

function finds({ row, haystack }: LibraryItem, word: string): boolean {
  if (word.length > 1 && word.startsWith('#'))
    return row.tags.some((tag) => tag.toLowerCase().replaceAll(' ', '-') === word.slice(1))
  switch (word) {
    case 'is:pinned':
      return row.isPinned
    case 'is:damaged':
      return row.state === 'damaged' || row.state === 'unreadable'
    case 'is:unfinished':
      return row.state === 'unfinished'
    default:
      return haystack.includes(word)
  }
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

const KEYS: Readonly<Record<LibraryOrder, (item: LibraryItem) => string | number>> = {
  name: ({ row }) => row.recording,
  device: ({ row }) => row.device,
  started: ({ row, endedAtMs }) => row.startedAtMs ?? endedAtMs,
  length: ({ row }) => row.lengthMs,
  messages: ({ row }) => row.messages,
  problems: ({ row }) => row.problems,
  size: ({ row }) => row.fileBytes,
}

/** In the order asked for; what is equal by name. */
export function orderLibrary(
  items: readonly LibraryItem[],
  order: LibraryOrder,
  isDescending: boolean,
): LibraryItem[] {
  const keyOf = KEYS[order]
  const sign = isDescending ? -1 : 1
  return items.toSorted((left, right) => {
    const [one, other] = [keyOf(left), keyOf(right)]
    const compared =
      typeof one === 'number' && typeof other === 'number'
        ? one - other
        : collator.compare(String(one), String(other))
    return sign * compared || collator.compare(left.row.recording, right.row.recording)
  })
}
