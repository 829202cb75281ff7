import type { Output } from './output'

/** One line for a file that went through. */
export function tellFile(
  out: Output,
  dir: 'in' | 'out',
  file: { readonly filename: string; readonly size: number; readonly sha256: string },
): void {
  const { filename: name, size: bytes, sha256 } = file
  out.line(
    { event: 'file', dir, name, bytes, sha256 },
    `${dir === 'in' ? 'got' : 'gave'} ${name}, ${bytes} bytes`,
  )
}
