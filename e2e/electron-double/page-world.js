/** Runs in the page's world before its scripts: puts in place what the preload exposed, as contextBridge does. */
if (window === window.top) {
  // what the page changes about its world later does not matter here, as with the real bridge
  const { Promise, CustomEvent, JSON } = window
  const calls = new Map()
  let lastId = 0
  const dispatch = (name, value) =>
    document.dispatchEvent(new CustomEvent(`electron-double:${name}`, { detail: JSON.stringify(value) }))
  document.addEventListener('electron-double:result', ({ detail }) => {
    const { id, ok, value } = JSON.parse(detail)
    const call = calls.get(id)
    calls.delete(id)
    if (ok) call.resolve(value)
    else call.reject(new Error(value))
  })
  document.addEventListener('electron-double:expose', ({ detail }) => {
    for (const { name, members } of JSON.parse(detail)) {
      if (Object.hasOwn(window, name)) continue
      const api = {}
      for (const { key, value, isFunction } of members) {
        api[key] = isFunction
          ? (...args) =>
              new Promise((resolve, reject) => {
                const id = ++lastId
                calls.set(id, { resolve, reject })
                dispatch('call', { id, name: `${name}.${key}`, args })
              })
          : value
      }
      Object.defineProperty(window, name, { value: Object.freeze(api), enumerable: true })
    }
  })
  dispatch('page-world', null)
}
