import { type JSX, useMemo } from 'react'
import type { MessageDetail } from '../../../shared/model/views'
import { JsonLines } from '../../ui/JsonLines'
import { texts } from '../../ui/texts'
import { readBodyJson } from './body-look'
import { DecodedBody, type DecodedThere } from './DecodedBody'
import { TextView } from './TextTab'

/** The body in the notation of JSON, foldable: JSON as it stands, MessagePack with bytes as `h'…'`. */
export function JsonTab({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  return <DecodedBody detail={detail}>{(decoded) => <JsonView decoded={decoded} />}</DecodedBody>
}

function JsonView({ decoded }: { readonly decoded: DecodedThere }): JSX.Element {
  const { bytes, tree } = decoded
  if (tree.root === null || (tree.format !== 'json' && tree.format !== 'msgpack')) {
    return (
      <>
        <NotJson bytes={bytes} />
        <TextView bytes={bytes} />
      </>
    )
  }
  return (
    <JsonLines
      root={tree.root}
      format={tree.format}
      body={bytes}
      problem={tree.problem}
      label={texts.inspector.tabs.json}
    />
  )
}

function NotJson({ bytes }: { readonly bytes: Uint8Array }): JSX.Element | null {
  const reading = useMemo(() => readBodyJson(bytes), [bytes])
  if (reading.ok) return null
  const { line, column, message } = reading.problem
  return (
    <p className="body-note line" role="status">
      <b className="b t2">{texts.inspector.notJson}.</b> {texts.inspector.notJsonAt(line, column, message)}
    </p>
  )
}
