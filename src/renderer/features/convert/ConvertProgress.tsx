import { type JSX, useState } from 'react'
import { asConsoleError, toWireError, type WireError } from '../../../shared/errors'
import type { Conversion } from '../../../shared/model/exports'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { CopyText } from '../../ui/CopyText'
import { sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { saveFile } from './move-files'
import { convertTexts as t } from './texts'

/** How far an export or import is, and what came of it. */
export function ConvertProgress({ conversion }: { readonly conversion: Conversion }): JSX.Element {
  const { state, subject, doneBytes, allBytes, files, detail, remedy } = conversion
  const percent = allBytes > 0 ? Math.min(100, Math.floor((doneBytes / allBytes) * 100)) : 0
  const shown = state === 'done' ? 100 : percent
  return (
    <div className="convert-progress">
      <div className="convert-bar">
        <progress aria-label={t.progressName(subject)} max={100} value={shown} />
        <span className="t3">{t.running(shown)}</span>
      </div>
      <p role="status" className={state === 'failed' ? 'bad-text' : 't2'}>
        {state === 'running' ? '' : t.outcome(conversion)}
      </p>
      {detail !== '' && (
        <p className={state === 'failed' ? '' : 'warn'} role={state === 'failed' ? 'alert' : undefined}>
          {sentences(detail, remedy)}
        </p>
      )}
      {files.length > 0 && (
        <ul className="convert-files">
          {files.map((file, index) => (
            <MadeFileLine key={file.name} conversion={conversion} index={index} />
          ))}
        </ul>
      )}
    </div>
  )
}

function MadeFileLine({
  conversion,
  index,
}: {
  readonly conversion: Conversion
  readonly index: number
}): JSX.Element {
  const { live } = useSession()
  const file = conversion.files[index]!
  // the shell of the desktop lets nothing download: there the file lies in the workspace
  const canSave = useApp((s) => s.host.kind === 'ready' && s.host.info.host === 'web')
  const [isSaving, setIsSaving] = useState(false)
  const [problem, setProblem] = useState<WireError | null>(null)
  const save = (): void => {
    setIsSaving(true)
    setProblem(null)
    saveFile(live, conversion.id, index, file)
      .catch((error: unknown) => setProblem(toWireError(asConsoleError(error))))
      .finally(() => setIsSaving(false))
  }
  return (
    <li>
      <span className="convert-file">{t.fileLine(file.name, file.byteCount)}</span>
      <CopyText text={file.path} labels={t.copyPath(file.name)} />
      {canSave && (
        <button type="button" className="btn sm" disabled={isSaving} onClick={save}>
          <Icon name="arrowDown" small />
          {isSaving ? t.saving(file.name) : t.save(file.name)}
        </button>
      )}
      {problem !== null && <span role="alert">{sentences(problem.message, problem.remedy)}</span>}
    </li>
  )
}
