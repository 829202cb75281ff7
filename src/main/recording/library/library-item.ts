import type { RecordingRow, RecordingState } from '../../../shared/model/library'
import { isUnfinished, recordingStem } from '../../../shared/model/recording-name'
import type { RecordingRemarks } from '../../../shared/workspace/recording-file'
import type { FileProblem } from '../../../shared/workspace/workspace-types'
import type { RecordingFile } from './recording-folder'
import type { RecordingFacts } from './read-facts'
import { joinedStrip } from './strip-bins'

/** One file of a recording with what is known of it. */
export interface LibraryFile {
  readonly file: RecordingFile
  /** Null while it was not read yet, or when it cannot be. */
  readonly facts: RecordingFacts | null
  readonly state: RecordingState
}

/** A recording: its parts in order, and what people say of it. */
export interface LibraryItem {
  readonly files: readonly [LibraryFile, ...LibraryFile[]]
  readonly remarks: RecordingRemarks
  readonly remarksProblem: FileProblem | null
  readonly row: RecordingRow
  /** In lower case, what a search looks through. */
  readonly haystack: string
  /** End of it, in milliseconds since 1970. */
  readonly endedAtMs: number
}

export interface LinkWords {
  readonly device: string
  readonly protocol: string
}

/** The stem that parts of one recording share: `boot` for `boot-3.mcap` when that is part 3. */
export function baseStem(name: string, part: number): string {
  const stem = recordingStem(name)
  const suffix = `-${part}`
  return part > 1 && stem.endsWith(suffix) ? stem.slice(0, -suffix.length) : stem
}

/** Puts the files of one recording together. Copies of a file say that they are the same part, and stay apart. */
export function groupParts(files: readonly LibraryFile[]): [LibraryFile, ...LibraryFile[]][] {
  const groups = new Map<string, [LibraryFile, ...LibraryFile[]]>()
  for (const one of files) {
    const { name } = one.file
    const { facts } = one
    // what broke off stands beside what was made of it until it is thrown away
    const ending = isUnfinished(name) && facts?.part === 1 ? 'part' : ''
    const key =
      facts === null || facts.sessionId === ''
        ? name
        : JSON.stringify([facts.sessionId, baseStem(name, facts.part), ending])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  for (const group of groups.values()) group.sort((left, right) => partOf(left) - partOf(right))
  return [...groups.values()]
}

const partOf = ({ facts }: LibraryFile): number => facts?.part ?? 1

const WORST: readonly RecordingState[] = [
  'whole',
  'unfinished',
  'unreadable',
  'damaged',
  'reading',
  'writing',
]

export function libraryItem(
  files: readonly [LibraryFile, ...LibraryFile[]],
  remarks: RecordingRemarks,
  remarksProblem: FileProblem | null,
  describeLink: (url: string) => LinkWords,
): LibraryItem {
  const known = files.flatMap(({ facts }) => facts ?? [])
  const [first] = files
  const urls = [...new Set(known.flatMap((facts) => facts.urls))]
  const links = urls.map(describeLink)
  const said = known[0]?.session ?? {}
  const device = firstOf(said['device'], said['profile'], unique(links.map((link) => link.device)))
  const protocol = firstOf(said['protocol'], unique(links.map((link) => link.protocol)))
  const starts = known.flatMap(({ startedAtMs }) => startedAtMs ?? [])
  const ends = known.flatMap(({ startedAtMs, lengthMs }) =>
    startedAtMs === null ? [] : startedAtMs + lengthMs,
  )
  const startedAtMs = starts.length === 0 ? null : Math.min(...starts)
  const endedAtMs =
    ends.length === 0 ? Math.max(...files.map(({ file }) => file.changedAtMs)) : Math.max(...ends)
  const sum = (of: (facts: RecordingFacts) => number): number =>
    known.reduce((total, facts) => total + of(facts), 0)
  const row: RecordingRow = {
    recording: first.file.name,
    state: files
      .map(({ state }) => state)
      .reduce((worst, state) => (WORST.indexOf(state) > WORST.indexOf(worst) ? state : worst)),
    device,
    protocol,
    startedAtMs,
    lengthMs: startedAtMs === null ? 0 : endedAtMs - startedAtMs,
    messages: sum(({ messages }) => messages),
    problems: sum(({ problems }) => problems),
    fileBytes: files.reduce((total, { file }) => total + file.fileBytes, 0),
    parts: files.length,
    isRecovered: known.some(({ isRecovered }) => isRecovered),
    isPinned: remarks.isPinned,
    tags: remarks.tags,
    note: remarks.note.split('\n', 1)[0] ?? '',
    strip:
      known.length === 0
        ? null
        : joinedStrip(
            known.map(({ strip, startedAtMs: from, lengthMs }) => ({ strip, fromMs: from ?? 0, lengthMs })),
          ),
  }
  const haystack = [
    ...files.map(({ file }) => file.name),
    device,
    protocol,
    ...remarks.tags,
    remarks.note,
    ...urls,
    ...known.flatMap(({ routes, words }) => [...routes, ...words]),
  ]
  return {
    files,
    remarks,
    remarksProblem,
    row,
    haystack: haystack.join('\n').toLowerCase(),
    endedAtMs,
  }
}

const unique = (words: readonly string[]): string =>
  [...new Set(words.filter((word) => word !== ''))].join(', ')

const firstOf = (...words: readonly (string | undefined)[]): string =>
  words.find((word) => word !== undefined && word !== '') ?? ''
