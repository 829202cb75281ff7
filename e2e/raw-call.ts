import type { CommandName, CommandRequest } from '../src/shared/contract/contract'
import type { Downstream } from '../src/shared/contract/envelope'
import {
  PORT_MESSAGE,
  SOCKET_PATH,
  SOCKET_PROTOCOL,
  SOCKET_TOKEN_PREFIX,
} from '../src/shared/contract/host-api'
import { decodeMessage, encodeMessage } from '../src/shared/contract/message-codec'
import type { CommandReply } from '../src/shared/contract/replies'
import type { ElectronHostApi } from '../src/shared/contract/host-api'
import type { RunningHost } from './hosts/running-host'

declare global {
  interface Window {
    readonly netcoreConsole?: ElectronHostApi
  }
}

const FACTS = { PORT_MESSAGE, SOCKET_PATH, SOCKET_PROTOCOL, SOCKET_TOKEN_PREFIX }

/**
 * Runs one command from inside the page over a channel of its own, opened with nothing but what the host gives a page. So
 * it says something about the host even when the screen is broken.
 */
export async function callFromPage<C extends CommandName>(
  host: RunningHost,
  name: C,
  request: CommandRequest<C>,
): Promise<CommandReply<C>> {
  const frame = Buffer.from(encodeMessage({ t: 'call', id: 1, name, args: request })).toString('base64')
  const token = host.web?.token ?? ''
  const answer = await host.page.evaluate(exchangeOneFrame, { frame, token, ...FACTS })
  const message = decodeMessage(new Uint8Array(Buffer.from(answer, 'base64'))) as Downstream
  if (message.t === 'reply' && message.ok) return message.value as CommandReply<C>
  throw new Error(`${name} was answered with ${JSON.stringify(message)}`)
}

interface Exchange {
  frame: string
  token: string
  PORT_MESSAGE: string
  SOCKET_PATH: string
  SOCKET_PROTOCOL: string
  SOCKET_TOKEN_PREFIX: string
}

/** Runs in the page. Frames travel as Base64: as lists of numbers, bodies of megabytes would take minutes. */
async function exchangeOneFrame(facts: Exchange): Promise<string> {
  const toBase64 = (frame: Uint8Array): string => {
    const parts: string[] = []
    for (let at = 0; at < frame.length; at += 8192) {
      parts.push(String.fromCharCode(...frame.subarray(at, at + 8192)))
    }
    return btoa(parts.join(''))
  }
  const bytes = Uint8Array.from(atob(facts.frame), (char) => char.charCodeAt(0))
  const electron = window.netcoreConsole
  if (electron === undefined) {
    const socket = new WebSocket(`ws://${location.host}${facts.SOCKET_PATH}`, [
      facts.SOCKET_PROTOCOL,
      facts.SOCKET_TOKEN_PREFIX + facts.token,
    ])
    socket.binaryType = 'arraybuffer'
    return new Promise((resolve, reject) => {
      socket.onopen = () => socket.send(bytes)
      socket.onclose = (event) => reject(new Error(`the socket closed with ${event.code}`))
      socket.onmessage = (event: MessageEvent<ArrayBuffer>) => {
        resolve(toBase64(new Uint8Array(event.data)))
        socket.close()
      }
    })
  }
  const taken = new Promise<MessagePort>((resolve) => {
    window.addEventListener('message', (event) => {
      if (event.data === facts.PORT_MESSAGE && event.ports[0]) resolve(event.ports[0])
    })
  })
  const answer = await electron.connect()
  if (!answer.ok) throw new Error(answer.error.code)
  const port = await taken
  return new Promise((resolve) => {
    port.onmessage = (event: MessageEvent<Uint8Array>) => {
      resolve(toBase64(Uint8Array.from(event.data)))
      port.close()
    }
    port.postMessage(bytes)
  })
}
