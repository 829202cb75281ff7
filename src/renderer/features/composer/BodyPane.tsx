import { type JSX, type ReactNode, type Ref, useCallback, useMemo } from 'react'
import type { KnownVariable } from '../../../shared/model/drafts'
import { useApp } from '../../store/app-store'
import type { BodyFormat } from '../../store/composer-slice'
import { TextEditor } from '../../ui/editor/TextEditor'
import type {
  CompleteText,
  TextEditorHandle,
  TextLanguage,
  TextProblem,
} from '../../ui/editor/text-editor-types'
import { texts } from '../../ui/texts'
import type { DraftBody } from './draft-body'
import { SchemaForm } from './form/SchemaForm'
import { NoSchema } from './NoSchema'
import { texts as own } from './texts'
import type { RouteSchemas } from './use-route-schema'

const t = texts.composer
const LANGUAGES: Readonly<Record<BodyFormat, TextLanguage>> = {
  form: 'json',
  json: 'json',
  msgpack: 'json',
  hex: 'text',
  text: 'text',
  file: 'text',
}

interface BodyPaneProps {
  readonly ref: Ref<TextEditorHandle>
  readonly body: DraftBody
  readonly isBad: boolean
  readonly schemas: RouteSchemas
  readonly variables: readonly KnownVariable[]
  readonly onKey: (event: globalThis.KeyboardEvent) => boolean
  readonly onEdited: () => void
  /** The line below the body. */
  readonly children: ReactNode
}

/** The body as its format wants it: a form, an editor, or the path of a file. */
export function BodyPane(props: BodyPaneProps): JSX.Element {
  const { ref, body, isBad, schemas, variables, onKey, onEdited, children } = props
  const draft = useApp((s) => s.draft)
  const { draftChanged } = useApp.getState()
  const problems = useMemo(() => problemsOf(body), [body])
  const values = useMemo(() => new Map(variables.map((one) => [one.name, shownValue(one)])), [variables])
  const variable = useCallback((name: string) => values.get(name), [values])
  const complete = useCallback<CompleteText>((text, at) => completeVariable(text, at, values), [values])
  const change = (text: string): void => {
    onEdited()
    draftChanged({ body: text })
  }
  const isForm = draft.format === 'form'
  return (
    <div className={isBad ? 'code bad' : 'code'}>
      {isForm && schemas.schema !== null ? (
        <SchemaForm schema={schemas.schema} value={draft.body} onChange={change} />
      ) : isForm ? (
        <NoSchema route={draft.route.trim()} schemas={schemas} />
      ) : (
        <TextEditor
          ref={ref}
          id="composer-body"
          isPaneFocus
          size={draft.format === 'file' ? 'line' : 'grow'}
          language={LANGUAGES[draft.format]}
          label={draft.format === 'file' ? own.fileLabel : t.body}
          problems={problems}
          describedBy="composer-cost"
          placeholder={t.placeholder[draft.format]}
          variable={variable}
          complete={complete}
          onKey={onKey}
          value={draft.body}
          onChange={change}
        />
      )}
      {children}
    </div>
  )
}

const problemsOf = (body: DraftBody): readonly TextProblem[] =>
  body.ok ? [] : [{ from: body.problem.at, to: body.problem.at + 1, message: body.problem.message }]

const shownValue = ({ value, isSecret, isSet }: KnownVariable): string | undefined =>
  isSecret ? (isSet ? own.secretValue : undefined) : (value ?? undefined)

/** Behind `{{` the names of the variables that have a value. */
function completeVariable(
  text: string,
  at: number,
  values: ReadonlyMap<string, string | undefined>,
): ReturnType<CompleteText> {
  const open = /\{\{\s*([\w.-]*)$/.exec(text.slice(Math.max(0, at - 80), at))
  if (open === null) return null
  const isClosed = /^\s*\}\}/.test(text.slice(at))
  return {
    from: at - (open[1] ?? '').length,
    options: Array.from(values, ([name, value]) => ({
      label: name,
      apply: isClosed ? name : `${name}}}`,
      ...(value === undefined ? {} : { detail: value.slice(0, 40) }),
    })),
  }
}
