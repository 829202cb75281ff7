/** A mistake in the text, at the place where it stands: positions in UTF-16 units, `to` not included. */
export interface TextProblem {
  readonly from: number
  readonly to: number
  /** As shown at the place; the owner of the editor also says it in a line of text. */
  readonly message: string
}

export interface TextCompletion {
  readonly label: string
  /** Beside the label, in short: a value, a type. */
  readonly detail?: string
  /** What is put in; default the label. */
  readonly apply?: string
}

/** What may stand between `from` and the cursor. */
export interface TextCompletions {
  readonly from: number
  readonly options: readonly TextCompletion[]
}

/** Asked after each letter (`isAsked` false) and by Ctrl+Space (true); null when nothing fits. */
export type CompleteText = (text: string, at: number, isAsked: boolean) => TextCompletions | null

/** What the owner of an editor can do with it. */
export interface TextEditorHandle {
  /** Brings the focus here; with a position the cursor as well. */
  focus(at?: number): void
}

export type TextLanguage = 'json' | 'yaml' | 'text'

export interface TextEditorProps {
  readonly value: string
  /** Called with the whole text after each change by hand, undo included. */
  readonly onChange: (value: string) => void
  readonly language: TextLanguage
  /** Accessible name. */
  readonly label: string
  /** `line`: one line, Enter is `onEnter`. `grow`: as high as its text, up to 180 px. `fill`: as high as its container, with line numbers. */
  readonly size: 'line' | 'grow' | 'fill'
  readonly id?: string
  readonly placeholder?: string
  readonly isReadOnly?: boolean
  /** Default: whether there are problems. */
  readonly isInvalid?: boolean
  /** Id of the element that says what is wrong, or what it costs. */
  readonly describedBy?: string
  readonly problems?: readonly TextProblem[]
  readonly complete?: CompleteText
  /** The value of a `{{variable}}`, shown when pointed at; undefined when nobody knows the name. Without it braces are plain text. */
  readonly variable?: (name: string) => string | undefined
  readonly onEnter?: () => void
  /** Before the editor's own keys; true when the key was dealt with. */
  readonly onKey?: (event: KeyboardEvent) => boolean
  /** True where F6 and page keys bring the focus. */
  readonly isPaneFocus?: boolean
}
