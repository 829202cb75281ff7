import { asConsoleError, ConsoleError, toWireError } from '../../shared/errors'
import { MAX_PROFILE_NAME_LENGTH, parseLinkUrl } from '../../shared/model/link-url'
import { entryNameProblem } from '../../shared/workspace/entry-name'
import type { Profile } from '../../shared/model/views'

export const PROFILE_EXTENSION = '.profile'
export const MAX_PROFILE_BYTES = 64 * 1024

/** What a person decides about a profile. */
export interface ProfileContent {
  readonly name: string
  readonly url: string
  readonly note: string
  readonly tags: readonly string[]
  /** Snippet that runs whenever a link of its address is ready; absent for none. */
  readonly snippet?: string | undefined
  /** A recording is begun before a link of its address opens. */
  readonly isRecorded?: boolean | undefined
}

/**
 * A profile as plain text (docs/profiles.md): `key = value`, one a line, in a fixed order, so that two versions compare
 * line by line. A note has one line for each of its own. The password of the address is left out.
 *
 * @throws ConsoleError `URL_INVALID` and the other codes of `parseLinkUrl`; `PROFILE_INVALID` for an unusable name or tag.
 */
export function formatProfile({
  name,
  url,
  note,
  tags,
  snippet = '',
  isRecorded = false,
}: ProfileContent): string {
  checkName(name)
  const bad = tags.find((tag) => tag.trim() === '' || /[,\p{Cc}]/u.test(tag))
  if (bad !== undefined) throw invalid(`"${bad}" is no tag: it is empty or has a comma`)
  const lines = [
    '# Netcore Console profile. Passwords are never kept here.',
    `name = ${name.trim()}`,
    `url = ${parseLinkUrl(url).text}`,
    ...(tags.length > 0 ? [`tags = ${tags.map((tag) => tag.trim()).join(', ')}`] : []),
    ...(snippet.trim() === '' ? [] : [`snippet = ${snippet.trim()}`]),
    ...(isRecorded ? ['record = yes'] : []),
    ...(note === '' ? [] : note.split(/\r\n|\r|\n/).map((line) => `note = ${line}`.trimEnd())),
  ]
  return `${lines.join('\n')}\n`
}

/**
 * Reads the text of a profile, written by us or by hand. One that makes no sense has a `problem` that names the line.
 *
 * @param file - Where it is kept; its name serves where the text gives none.
 */
export function parseProfile(text: string, file: string): Profile {
  const fallback = file.replace(/^.*[\\/]/, '').slice(0, -PROFILE_EXTENSION.length)
  let name = fallback
  try {
    const read = readLines(text)
    name = read.name || fallback
    checkName(name)
    if (read.url === '') throw invalid('it has no line "url = …"')
    const { text: url } = parseLinkUrl(read.url)
    const { snippet, isRecorded } = read
    const wrong = snippet === '' ? null : entryNameProblem(snippet)
    if (wrong !== null) throw invalid(`its snippet: ${wrong}`)
    const note = read.note.join('\n')
    const wishes = { ...(snippet !== '' && { snippet }), ...(isRecorded && { isRecorded }) }
    return { name, url, note, tags: read.tags, ...wishes, file, problem: null }
  } catch (error) {
    return brokenProfile(name.slice(0, MAX_PROFILE_NAME_LENGTH), file, asConsoleError(error))
  }
}

/** A profile that is there but cannot be used. */
export function brokenProfile(name: string, file: string, error: ConsoleError): Profile {
  const { code, message, remedy } = toWireError(error)
  return { name, url: '', note: '', tags: [], file, problem: { code, message, remedy } }
}

function readLines(text: string): {
  name: string
  url: string
  snippet: string
  isRecorded: boolean
  tags: string[]
  note: string[]
} {
  const read = {
    name: '',
    url: '',
    snippet: '',
    isRecorded: false,
    tags: [] as string[],
    note: [] as string[],
  }
  for (const [at, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    const [, key = '', value = ''] = /^\s*([a-z]+)\s*=\s?(.*)$/.exec(line) ?? []
    if (key === 'note') read.note.push(value)
    else if (key === 'name') read.name = value.trim()
    else if (key === 'url') read.url = value.trim()
    else if (key === 'snippet') read.snippet = value.trim()
    else if (key === 'record' && /^(yes|no|true|false)$/.test(value.trim()))
      read.isRecorded = /^(yes|true)$/.test(value.trim())
    else if (key === 'tags')
      read.tags = value
        .split(',')
        .map((tag) => tag.trim())
        .filter((tag) => tag !== '')
    else
      throw invalid(
        `line ${at + 1} is neither name, url, tags, snippet, record (yes or no) nor note: ${line.slice(0, 80)}`,
      )
  }
  return read
}

/** Names are typed on command lines as `@name`. */
function checkName(name: string): void {
  const trimmed = name.trim()
  if (trimmed === '' || trimmed.length > MAX_PROFILE_NAME_LENGTH) {
    throw invalid(`a name has 1 to ${MAX_PROFILE_NAME_LENGTH} characters`)
  }
  if (/[\p{Cc}*?]/u.test(trimmed)) throw invalid(`"${trimmed}" has a character that no name may have`)
}

const invalid = (why: string): ConsoleError =>
  new ConsoleError('PROFILE_INVALID', `the profile is wrong: ${why}`)

/** The file that a new profile of this name gets: letters and digits of the name, so that it is legal everywhere. */
export function profileFileName(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  // Windows keeps some names for devices; a prefix makes any of them a file.
  return `${/^(con|prn|aux|nul|com\d|lpt\d)?$/.test(slug) ? `profile-${slug}` : slug}${PROFILE_EXTENSION}`
}

/** Names are the same when a person would call them the same. */
export const sameName = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase()

/** Profiles whose name matches: exactly, else by a pattern with `*` and `?`. */
export function profilesNamed(profiles: readonly Profile[], wanted: string): readonly Profile[] {
  const exact = profiles.filter(({ name }) => sameName(name, wanted))
  if (exact.length > 0 || !/[*?]/.test(wanted)) return exact
  const pattern = wanted.toLowerCase()
  return profiles.filter(({ name }) => matches(name.toLowerCase(), pattern))
}

/** Without a regular expression: a pattern of many stars must not take for ever. */
function matches(text: string, pattern: string): boolean {
  let [at, from, star, mark] = [0, 0, -1, 0]
  while (at < text.length) {
    if (pattern[from] === '?' || (pattern[from] === text[at] && pattern[from] !== '*')) {
      at++
      from++
    } else if (pattern[from] === '*') {
      star = from++
      mark = at
    } else if (star >= 0) {
      from = star + 1
      at = ++mark
    } else return false
  }
  while (pattern[from] === '*') from++
  return from === pattern.length
}
