import { type JSX, type RefObject, useCallback, useEffect, useState } from 'react'
import { MAX_NOTE_LENGTH, type Note, type NoteKind } from '../../../shared/model/notes'
import { formatDuration } from '../../ui/format'
import { TextPrompt } from '../../ui/TextPrompt'
import { revealLine } from '../../ui/visible-text'
import { auxTexts } from '../aux/aux-texts'
import type { LanesSession } from '../lanes-session'
import { AXIS_HEIGHT } from '../pane-geometry'
import { laneTexts } from '../texts'
import type { ChosenNote, NotePlace } from '../worker-protocol'
import { pageZoom } from '../../ui/page-zoom'

/** Puts a marker or a note on a message or a moment; with a number changes that one. */
export type SetNote = (note: {
  readonly noteId?: number
  readonly kind: NoteKind
  readonly atMs: number
  readonly messageId: number | null
  readonly text: string
}) => void

interface NoteProps {
  readonly notes: readonly Note[]
  readonly onSetNote: SetNote | undefined
  readonly onRemoveNotes: ((noteIds: readonly number[]) => void) | undefined
  /** Tells a screen reader. */
  readonly say: (sentence: string) => void
}

interface LaneNotes {
  /** Where a marker or note belongs is known now. */
  readonly place: (place: NotePlace) => void
  /** Takes the chosen one away; without one, those of the selected message. */
  readonly remove: (chosen: ChosenNote | null, selectedId: number | null) => void
  readonly prompt: JSX.Element | null
}

/** Markers and notes made and taken away in the lanes; they are the same as in the list. */
export function useLaneNotes(
  session: LanesSession | null,
  stage: RefObject<HTMLElement | null>,
  { notes, onSetNote, onRemoveNotes, say }: NoteProps,
): LaneNotes {
  const [asked, setAsked] = useState<
    (NotePlace & { readonly screenX: number; readonly screenY: number }) | null
  >(null)
  useEffect(() => session?.send({ type: 'notes', notes }), [session, notes])

  const place = (where: NotePlace): void => {
    if (onSetNote === undefined) return
    const { kind, atMs, messageId } = where
    if (kind === 'marker') {
      // as in the list: the same key takes the mark of a message away again
      const there = notes.find((note) => note.kind === 'marker' && note.messageId === messageId)
      if (messageId !== null && there !== undefined) {
        onRemoveNotes?.([there.noteId])
        say(laneTexts.noteRemoved)
      } else {
        onSetNote({ kind, atMs, messageId, text: '' })
        say(laneTexts.marked(where.clock))
      }
      return
    }
    const box = stage.current?.getBoundingClientRect()
    setAsked({
      ...where,
      screenX: (box?.left ?? 0) + where.x * pageZoom(),
      screenY: (box?.top ?? 0) + (AXIS_HEIGHT + 4) * pageZoom(),
    })
  }
  const remove = (chosen: ChosenNote | null, selectedId: number | null): void => {
    const noteIds =
      chosen !== null
        ? [chosen.noteId]
        : notes.flatMap((note) => (note.messageId === selectedId && selectedId !== null ? [note.noteId] : []))
    if (noteIds.length === 0) return
    onRemoveNotes?.(noteIds)
    say(laneTexts.noteRemoved)
  }
  const close = useCallback(() => setAsked(null), [])
  const before =
    asked === null
      ? undefined
      : notes.find((note) =>
          asked.noteId === null
            ? note.kind === 'note' && asked.messageId !== null && note.messageId === asked.messageId
            : note.noteId === asked.noteId,
        )
  const prompt =
    asked === null ? null : (
      <TextPrompt
        label={laneTexts.note}
        at={{ x: asked.screenX, y: asked.screenY }}
        initial={before?.text ?? ''}
        placeholder={laneTexts.notePlaceholder}
        save={laneTexts.save}
        maxLength={MAX_NOTE_LENGTH}
        onClose={close}
        onSave={(text) => {
          const { atMs, messageId } = asked
          if (text === '' && before !== undefined) onRemoveNotes?.([before.noteId])
          if (text === '') return
          if (before === undefined) onSetNote?.({ kind: 'note', atMs, messageId, text })
          else onSetNote?.({ ...before, text })
        }}
      />
    )
  return { place, remove, prompt }
}

/** What a screen reader hears when the keys lead to a note. */
export function chosenSentence(chosen: ChosenNote | null, notes: readonly Note[]): string {
  const note = notes.find(({ noteId }) => noteId === chosen?.noteId)
  if (chosen === null || note === undefined) return ''
  const distance = chosen.distanceMs === null ? '' : formatDuration(Math.abs(chosen.distanceMs))
  const kind = auxTexts.noteKinds[note.kind]
  return laneTexts.chosen(kind, revealLine(note.text), chosen.place, chosen.total, distance)
}
