import { contextBridge, ipcRenderer } from 'electron'
import {
  CONNECT_REQUEST,
  type ConnectAnswer,
  type ElectronHostApi,
  HOST_API_NAME,
  PORT_MESSAGE,
  WINDOW_REQUEST,
} from '../shared/contract/host-api'

const api: ElectronHostApi = {
  host: 'electron',
  connect: async () => (await ipcRenderer.invoke(CONNECT_REQUEST)) as ConnectAnswer,
  openWindow: async () => {
    await ipcRenderer.invoke(WINDOW_REQUEST)
  },
}

// a port cannot cross the bridge: it goes to the page through the window both share, and to no other origin
ipcRenderer.on(PORT_MESSAGE, (event) => {
  window.postMessage(PORT_MESSAGE, location.origin, event.ports)
})

contextBridge.exposeInMainWorld(HOST_API_NAME, api)
