import { type JSX, useMemo, useState } from 'react'
import { formatEnvironment, parseEnvironment } from '../../../shared/workspace/environment-file'
import type { Environment } from '../../../shared/workspace/workspace-types'
import { Segmented } from '../../ui/Segmented'
import { EnvironmentForm } from './EnvironmentForm'
import { FileEditor } from './FileEditor'
import { isEdited, type OpenFile, useSend } from './send-store'
import { texts } from './texts'

type View = 'form' | 'text'
const VIEWS = [
  { value: 'form', label: texts.asForm },
  { value: 'text', label: texts.asText },
] as const

/** Variables and secrets of a device or a place, as a form or as text; a file with a mistake is shown as text. */
export function EnvironmentEditor({ open }: { readonly open: OpenFile }): JSX.Element {
  const { name, text } = open
  const [view, setView] = useState<View>('form')
  const reading = useMemo(() => parseEnvironment(text, `environments/${name}.yaml`), [text, name])
  const environment = reading.value
  const change = (next: Environment): void =>
    useSend.setState({ open: { ...open, text: formatEnvironment(next, text) } })
  return (
    <FileEditor
      open={open}
      problem={reading.problem ?? null}
      actions={
        <Segmented
          label={texts.view}
          value={environment === undefined ? 'text' : view}
          options={VIEWS}
          isDisabled={environment === undefined}
          onChange={setView}
        />
      }
      form={
        view === 'form' && environment !== undefined ? (
          <EnvironmentForm
            name={name}
            environment={environment}
            isSaved={!isEdited(open)}
            onChange={change}
          />
        ) : undefined
      }
    />
  )
}
