import {
  type ComponentType,
  type JSX,
  type Ref,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from 'react'
import type { TakenFocus } from './CodeEditor'
import type { TextEditorHandle, TextEditorProps } from './text-editor-types'
import './text-editor.css'

interface Loaded {
  readonly Editor: ComponentType<
    TextEditorProps & { handle: Ref<TextEditorHandle> | undefined; takenFocus: TakenFocus | null }
  >
  readonly takenFocus: TakenFocus | null
}

/** Kept once it is there, so that the second editor is complete at its first paint. */
let codeEditor: Loaded['Editor'] | null = null

/**
 * A field for JSON, YAML or plain text: mistakes underlined where they stand, completions, `{{variables}}`, undo. Tab goes
 * on to the next field as everywhere; lines are indented with Ctrl+] and Ctrl+[.
 *
 * The editor is a part of the program that is loaded when it is first needed. Until then, and should it never come, a plain
 * field with the same text, name and keys does the work; focus and cursor are handed on.
 */
export function TextEditor(props: TextEditorProps & { readonly ref?: Ref<TextEditorHandle> }): JSX.Element {
  const { ref, size } = props
  const plain = useRef<HTMLTextAreaElement>(null)
  const [loaded, setLoaded] = useState<Loaded | null>(() =>
    codeEditor === null ? null : { Editor: codeEditor, takenFocus: null },
  )
  useEffect(() => {
    if (loaded !== null) return
    let isGone = false
    import('./CodeEditor').then(
      ({ CodeEditor }) => {
        codeEditor = CodeEditor
        if (isGone) return
        const field = plain.current
        const hasFocus = field !== null && document.activeElement === field
        setLoaded({
          Editor: CodeEditor,
          takenFocus: hasFocus ? { start: field.selectionStart, end: field.selectionEnd } : null,
        })
      },
      () => undefined, // the plain field stays
    )
    return () => {
      isGone = true
    }
  }, [loaded])
  return (
    <div className={`text-editor ${size}`}>
      {loaded === null ? (
        <PlainField {...props} field={plain} />
      ) : (
        <loaded.Editor {...props} handle={ref} takenFocus={loaded.takenFocus} />
      )}
    </div>
  )
}

interface PlainFieldProps extends TextEditorProps {
  readonly ref?: Ref<TextEditorHandle>
  readonly field: React.RefObject<HTMLTextAreaElement | null>
}

function PlainField(props: PlainFieldProps): JSX.Element {
  const {
    ref,
    field,
    value,
    onChange,
    label,
    size,
    placeholder,
    isReadOnly,
    problems = [],
    describedBy,
  } = props
  const { isInvalid = problems.length > 0, isPaneFocus, onEnter, onKey, id } = props
  useImperativeHandle(ref, () => ({
    focus(at?: number): void {
      field.current?.focus()
      if (at !== undefined) field.current?.setSelectionRange(at, at)
    },
  }))
  return (
    <textarea
      ref={field}
      id={id}
      rows={1}
      aria-label={label}
      aria-invalid={isInvalid}
      aria-describedby={describedBy}
      data-pane-focus={isPaneFocus === true ? '' : undefined}
      spellCheck={false}
      readOnly={isReadOnly}
      placeholder={placeholder}
      value={value}
      onChange={(event) =>
        onChange(size === 'line' ? event.target.value.replace(/\r?\n/g, ' ') : event.target.value)
      }
      onKeyDown={(event) => {
        if (onKey?.(event.nativeEvent) === true) event.preventDefault()
        else if (size === 'line' && event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
          event.preventDefault()
          onEnter?.()
        }
      }}
    />
  )
}
