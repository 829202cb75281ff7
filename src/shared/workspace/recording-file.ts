import { z } from 'zod'
import { MAX_NOTE_LENGTH, MAX_NOTES, type NoteKind } from '../model/notes'
import { type FileReading, readYaml } from './read-yaml'
import type { YamlData } from './write-yaml'
import { formatYaml } from './write-yaml'

export const MAX_TAGS = 32
export const MAX_TAG_LENGTH = 40
export const MAX_RECORDING_NOTE_LENGTH = 16 * 1024
/** Of the file beside a recording. */
export const MAX_SIDECAR_BYTES = 1024 * 1024
/** Notes and markers that were put on a recording after it was made; beyond, `NOTES_TOO_MANY`. */
export const MAX_RECORDING_MARKS = 1000

/** A note or a marker that was put on a recording after it was made. */
export interface RecordingMark {
  readonly kind: NoteKind
  /** Session time of the recording, in ms. */
  readonly atMs: number
  readonly text: string
  /** The message it is on, in the words of the recording; null: on a moment. */
  readonly on: { readonly linkId: number; readonly messageKey: number } | null
}

/** What people say of a recording. It stands in `NAME.yaml` beside it. */
export interface RecordingRemarks {
  readonly tags: readonly string[]
  readonly note: string
  /** Never removed by itself. */
  readonly isPinned: boolean
  readonly marks: readonly RecordingMark[]
  /** Numbers of notes that the recording itself holds, and that were taken away. */
  readonly hiddenNotes: readonly number[]
}

export const NO_REMARKS: RecordingRemarks = {
  tags: [],
  note: '',
  isPinned: false,
  marks: [],
  hiddenNotes: [],
}

/** Why a text cannot be a tag, in a few words; null when it can. */
export function tagProblem(tag: string): string | null {
  if (tag === '' || tag !== tag.trim()) return 'a tag has no blanks around it, and is not empty'
  if (tag.length > MAX_TAG_LENGTH) return `a tag has at most ${MAX_TAG_LENGTH} characters`
  if (/[,#\p{Cc}\p{Cf}\p{Cs}]/u.test(tag)) return 'a tag holds no comma, no # and nothing that nobody sees'
  return null
}

const tag = z.string().superRefine((given, context) => {
  const problem = tagProblem(given)
  if (problem === null) return
  const remedy = 'Write a word or two, such as boot or rig 3.'
  context.addIssue({ code: 'custom', message: `"${given}": ${problem}`, params: { remedy } })
})

/** `8120.5 marker on 1/57 | here it stalls`: one line each, because a tree of a thousand takes a second to read. */
const MARK = /^(\d{1,15}(?:\.\d{1,9})?) (marker|note)(?: on (\d{1,9})\/(\d{1,15}))?(?: \|(?: ([^]*))?)?$/

const mark = z.string().transform((line, context): RecordingMark => {
  const [, atMs, kind, linkId, messageKey, text = ''] = MARK.exec(line) ?? []
  if (atMs === undefined || text.length > MAX_NOTE_LENGTH) {
    const remedy =
      'Write the time in ms, what it is, the message it is on, and the text: 8120.5 marker on 1/57 | it stalls.'
    context.addIssue({
      code: 'custom',
      message: `"${line.slice(0, 40)}" is no note and no marker`,
      params: { remedy },
    })
    return z.NEVER
  }
  return {
    kind: kind === 'marker' ? 'marker' : 'note',
    atMs: Number(atMs),
    text,
    on: linkId === undefined ? null : { linkId: Number(linkId), messageKey: Number(messageKey) },
  }
})

/** Other programs may keep more beside a recording: it stays. */
const remarksCheck = z.looseObject({
  tags: z.array(tag).max(MAX_TAGS).nullable().default([]),
  note: z.string().max(MAX_RECORDING_NOTE_LENGTH).nullable().default(''),
  pinned: z.boolean().nullable().default(false),
  marks: z.array(mark).max(MAX_RECORDING_MARKS).nullable().default([]),
  hiddenNotes: z.array(z.int().min(0)).max(MAX_NOTES).nullable().default([]),
})

/** Reads the file beside a recording. */
export function parseRemarks(text: string, file: string): FileReading<RecordingRemarks> {
  const reading = readYaml(text, file, remarksCheck)
  if (reading.problem) return reading
  const { tags, note, pinned, marks, hiddenNotes } = reading.value
  return {
    value: {
      tags: [...new Set(tags ?? [])],
      note: note ?? '',
      isPinned: pinned ?? false,
      marks: marks ?? [],
      hiddenNotes: hiddenNotes ?? [],
    },
  }
}

const writtenMark = ({ kind, atMs, text, on }: RecordingMark): string =>
  `${Number(atMs.toFixed(6))} ${kind}${on === null ? '' : ` on ${on.linkId}/${on.messageKey}`}${text === '' ? '' : ` | ${text}`}`

/** @param before - Text of the file so far: comments, order, and what others keep there, stay. */
export function formatRemarks(remarks: RecordingRemarks, before = ''): string {
  const { tags, note, isPinned, marks, hiddenNotes } = remarks
  const reading = readYaml(before, '', z.record(z.string(), z.unknown()))
  const others = (reading.value ?? {}) as { readonly [key: string]: YamlData | undefined }
  return formatYaml(
    {
      ...others,
      tags: tags.length === 0 ? undefined : tags,
      note: note === '' ? undefined : note,
      pinned: isPinned ? true : undefined,
      marks: marks.length === 0 ? undefined : marks.toSorted((a, b) => a.atMs - b.atMs).map(writtenMark),
      hiddenNotes: hiddenNotes.length === 0 ? undefined : hiddenNotes,
    },
    before,
  )
}
