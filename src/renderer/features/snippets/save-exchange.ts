import { asConsoleError } from '../../../shared/errors'
import type { MessageDetail } from '../../../shared/model/views'
import { formatSnippet } from '../../../shared/workspace/snippet-file'
import { useApp } from '../../store/app-store'
import type { Session } from '../../store/session'
import { revealLine } from '../../ui/visible-text'
import { exchangeName, exchangeSnippet } from './exchange-snippet'
import { openSnippet } from './snippets-desk'
import { snippetTexts as t } from './texts'

const KEY = 'snippet-exchange'

/** Keeps the selected request and its answer as a snippet, under the name of its route. A toast says so, and leads there. */
export async function saveExchange({ client }: Session): Promise<void> {
  const { selectedId, toasted } = useApp.getState()
  const refused = (text: string, detail = ''): void => toasted({ key: KEY, text, detail, tone: 'err' })
  if (selectedId === null) {
    refused(t.exchangeMissing)
    return
  }
  try {
    const exchange = await exchangeOf(client, selectedId)
    if (exchange === null) {
      refused(t.exchangeTooLong)
      return
    }
    const { request, answer } = exchange
    const { entries } = await client.call('workspace.list', { kind: 'snippets' })
    const name = exchangeName(
      request.route,
      entries.map((entry) => entry.name),
    )
    const text = formatSnippet(exchangeSnippet(request, answer, t.exchangeTitle(revealLine(request.route))))
    await client.call('workspace.save', { kind: 'snippets', name, text, revision: null })
    toasted({
      key: KEY,
      text: t.exchangeSaved(name),
      tone: 'ok',
      action: { label: t.open, run: () => showSnippet(client, name) },
    })
  } catch (error) {
    const { message, remedy } = asConsoleError(error)
    refused(message, remedy)
  }
}

/** Brings a snippet into the editor, wherever the person is. */
export function showSnippet(client: Session['client'], name: string): void {
  const { pageChosen, sendTabChosen } = useApp.getState()
  pageChosen('send')
  sendTabChosen('snippets')
  void openSnippet(client, name)
}

interface Exchange {
  readonly request: MessageDetail
  readonly answer: MessageDetail | null
}

/** Null when a body is not kept as a whole. */
async function exchangeOf(client: Session['client'], messageId: number): Promise<Exchange | null> {
  const chosen = await whole(client, messageId)
  if (chosen === null) return null
  const partner = chosen.partnerId === 0 ? null : await whole(client, chosen.partnerId)
  if (chosen.partnerId !== 0 && partner === null) return null
  const isAnswer = chosen.kind === 'response' && partner !== null
  return isAnswer ? { request: partner, answer: chosen } : { request: chosen, answer: partner }
}

async function whole(client: Session['client'], messageId: number): Promise<MessageDetail | null> {
  const { detail } = await client.call('message.detail', { messageId })
  if (detail.bodyBytes === 0) return detail
  if (!detail.hasBody || detail.keptBytes < detail.bodyBytes) return null
  if (detail.body.length === detail.bodyBytes) return detail
  if (detail.bodyBytes > MAX_EXCHANGE_BYTES) return null
  const { bytes } = await client.call('message.body', { messageId, offset: 0, count: detail.bodyBytes })
  return { ...detail, body: bytes }
}

/** A file of the workspace is at most twice as long, and bytes are written as two characters each. */
const MAX_EXCHANGE_BYTES = 200 * 1024
