/**
 * Runs in the isolated world of the page, around the built preload: the `electron` a sandboxed preload sees. Talks to the
 * page's world through events of the document the two worlds share, with texts only, and to the tests through a binding.
 * The marked place below is filled with the text of the preload. Plain JavaScript, because Chromium runs this file as it is.
 */
if (window === window.top) {
  const tell = (message) => globalThis.__doubleBinding(JSON.stringify(message))
  const strict = (name, parts) =>
    new Proxy(parts, {
      get(target, key) {
        if (typeof key === 'symbol' || key in target || key === 'then') return target[key]
        throw new Error(`the double of electron has no ${name}.${key} in a preload`)
      },
    })
  const dispatch = (name, value) =>
    document.dispatchEvent(new CustomEvent(`electron-double:${name}`, { detail: JSON.stringify(value) }))

  const exposed = []
  const functions = new Map()
  const invocations = new Map()
  const listeners = new Map()
  const ports = new Map()
  let lastId = 0

  const contextBridge = strict('contextBridge', {
    exposeInMainWorld(name, api) {
      const members = Object.entries(api).map(([key, value]) => {
        if (typeof value !== 'function') return { key, value: structuredClone(value) }
        functions.set(`${name}.${key}`, value)
        return { key, isFunction: true }
      })
      exposed.push({ name, members })
      dispatch('expose', exposed)
    },
  })
  const ipcRenderer = strict('ipcRenderer', {
    invoke: (channel, ...args) =>
      new Promise((resolve, reject) => {
        const id = ++lastId
        invocations.set(id, { resolve, reject })
        tell({ t: 'invoke', id, channel, args })
      }),
    on(channel, listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
    },
  })

  // whichever of the two worlds is set up first, the page has the functions before its own scripts run
  document.addEventListener('electron-double:page-world', () => dispatch('expose', exposed))
  document.addEventListener('electron-double:call', async ({ detail }) => {
    const { id, name, args } = JSON.parse(detail)
    try {
      dispatch('result', { id, ok: true, value: await functions.get(name)(...args) })
    } catch (error) {
      dispatch('result', { id, ok: false, value: String(error) })
    }
  })

  const fromBase64 = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  const toBase64 = (bytes) => {
    let text = ''
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
    return btoa(text)
  }

  globalThis.__double = {
    invoked(id, ok, value) {
      const { resolve, reject } = invocations.get(id)
      invocations.delete(id)
      if (ok) resolve(value)
      else reject(new Error(value))
    },
    frameMessage(channel, message, portIds) {
      const given = portIds.map((id) => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = ({ data }) => {
          if (typeof data === 'string') tell({ t: 'port-message', port: id, text: data })
          else if (data instanceof Uint8Array) tell({ t: 'port-message', port: id, base64: toBase64(data) })
          else throw new Error('the double of electron carries byte arrays and texts only')
        }
        ports.set(id, port1)
        return port2
      })
      for (const listener of listeners.get(channel) ?? []) {
        listener(strict('IpcRendererEvent', { ports: given }), message)
      }
    },
    portMessage(id, { base64, text }) {
      ports.get(id)?.postMessage(text ?? fromBase64(base64))
    },
    portClosed(id) {
      const port = ports.get(id)
      ports.delete(id)
      port?.close()
    },
  }

  const require = (name) => {
    if (name === 'electron') return strict('electron', { contextBridge, ipcRenderer })
    throw new Error(`a sandboxed preload cannot require ${name}`)
  }
  const run = (require, module, exports) => {
    __PRELOAD__
  }
  const module = { exports: {} }
  run(require, module, module.exports)
}
