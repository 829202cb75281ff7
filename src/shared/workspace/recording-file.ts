import { z } from 'zod'
import { type FileReading, readYaml } from './read-yaml'
import type { YamlData } from './write-yaml'
import { formatYaml } from './write-yaml'

export const MAX_TAGS = 32
export const MAX_TAG_LENGTH = 40
export const MAX_RECORDING_NOTE_LENGTH = 16 * 1024
/** Of the file beside a recording. */
export const MAX_SIDECAR_BYTES = 64 * 1024

/** What people say of a recording. It stands in `NAME.yaml` beside it. */
export interface RecordingRemarks {
  readonly tags: readonly string[]
  readonly note: string
  /** Never removed by itself. */
  readonly isPinned: boolean
}

export const NO_REMARKS: RecordingRemarks = { tags: [], note: '', isPinned: false }

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

/** Other programs may keep more beside a recording: it stays. */
const remarksCheck = z.looseObject({
  tags: z.array(tag).max(MAX_TAGS).nullable().default([]),
  note: z.string().max(MAX_RECORDING_NOTE_LENGTH).nullable().default(''),
  pinned: z.boolean().nullable().default(false),
})

/** Reads the file beside a recording. */
export function parseRemarks(text: string, file: string): FileReading<RecordingRemarks> {
  const reading = readYaml(text, file, remarksCheck)
  if (reading.problem) return reading
  const { tags, note, pinned } = reading.value
  return { value: { tags: [...new Set(tags ?? [])], note: note ?? '', isPinned: pinned ?? false } }
}

/** @param before - Text of the file so far: comments, order, and what others keep there, stay. */
export function formatRemarks({ tags, note, isPinned }: RecordingRemarks, before = ''): string {
  const reading = readYaml(before, '', z.record(z.string(), z.unknown()))
  const others = (reading.value ?? {}) as { readonly [key: string]: YamlData | undefined }
  return formatYaml(
    {
      ...others,
      tags: tags.length === 0 ? undefined : tags,
      note: note === '' ? undefined : note,
      pinned: isPinned ? true : undefined,
    },
    before,
  )
}
