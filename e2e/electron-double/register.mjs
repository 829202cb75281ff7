// Loaded with --import before the shell: from then on `electron` is the double named in the environment.
import { register } from 'node:module'

register(
  `data:text/javascript,${encodeURIComponent(`
    export async function resolve(specifier, context, next) {
      if (specifier !== 'electron') return next(specifier, context)
      return { url: ${JSON.stringify(process.env.ELECTRON_DOUBLE)}, shortCircuit: true, format: 'module' }
    }
  `)}`,
)
