import { useEffect, useRef, useState } from 'react'
import { asConsoleError } from '../../../shared/errors'
import type { MessageStatus } from '../../../shared/model/views'
import { isUnderWay } from '../../store/detail-source'
import type { Session } from '../../store/session'
import { useSession } from '../../store/session-context'
import { sendFile } from './send-file'
import { terminalTexts as t } from './texts'

export interface FileSend {
  readonly name: string
  readonly totalBytes: number
  readonly sentBytes: number
  readonly isRunning: boolean
  /** What became of it, in words. */
  readonly outcome: { readonly text: string; readonly isBad: boolean } | null
}

interface FileSending {
  readonly current: FileSend | null
  readonly start: (file: File) => void
  readonly stop: () => void
  readonly dismiss: () => void
}

/** Sends one file at a time over a link; leaving the page stops it. */
export function useFileSend(linkId: number): FileSending {
  const session = useSession()
  const [current, setCurrent] = useState<FileSend | null>(null)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [linkId])

  const start = (file: File): void => {
    if (running.current !== null) return
    const stopping = new AbortController()
    running.current = stopping
    const { name, size: totalBytes } = file
    const told = (sentBytes: number, outcome: FileSend['outcome'] = null): void =>
      setCurrent({ name, totalBytes, sentBytes, isRunning: outcome === null, outcome })
    told(0)
    let lastBytes = 0
    sendFile(file, routeOf(session, linkId), stopping.signal, (sentBytes) => {
      lastBytes = sentBytes
      told(sentBytes)
    })
      .then(
        (sentBytes) => {
          const isWhole = sentBytes === totalBytes
          const text = isWhole ? t.fileDone(name, sentBytes) : t.fileStopped(name, sentBytes)
          told(sentBytes, { text, isBad: !isWhole })
        },
        (error: unknown) => {
          const { message, remedy } = asConsoleError(error)
          told(lastBytes, { text: t.fileFailed(name, `${message}. ${remedy}`), isBad: true })
        },
      )
      .finally(() => {
        running.current = null
      })
  }
  return { current, start, stop: () => running.current?.abort(), dismiss: () => setCurrent(null) }
}

const routeOf = (session: Session, linkId: number) => ({
  send: async (bytes: Uint8Array): Promise<number> => (await sendBytes(session, linkId, bytes)).messageId,
  settled: (messageId: number) => settled(session, messageId),
  cancel: (messageId: number) => session.cancel(messageId),
})

export const sendBytes = (session: Session, linkId: number, bytes: Uint8Array) =>
  session.client.call('message.send', {
    linkId,
    route: '',
    kind: 'bytes',
    body: bytes as Uint8Array<ArrayBuffer>, // made here, never in shared memory
    headers: {},
    priority: 3,
    timeoutMs: 30_000,
  })

/** Rejects when the message is no longer known. */
const settled = ({ details }: Session, messageId: number): Promise<MessageStatus> =>
  new Promise((resolve, reject) => {
    const look = (): void => {
      const state = details.get(messageId)
      if (state.kind === 'loading') return
      if (state.kind === 'known' && isUnderWay(state.detail.status)) return
      end()
      if (state.kind === 'known') resolve(state.detail.status)
      else reject(asConsoleError(state.problem))
    }
    const end = details.watch(messageId, look)
    look()
  })
