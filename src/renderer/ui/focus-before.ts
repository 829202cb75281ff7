/**
 * What has the focus now, to have it again when what opens has closed. A field whose editor came meanwhile has given its id on:
 * then the editor has it.
 *
 * @param elsewhere - Gives what has the focus instead when nothing had it, or when that is gone.
 * @returns Gives the focus back.
 */
export function rememberFocus(elsewhere: () => HTMLElement | null = () => null): () => void {
  const before = document.activeElement
  return () => {
    const now = before === null || before.isConnected ? before : document.getElementById(before.id)
    const place = now instanceof HTMLElement && now !== document.body ? now : elsewhere()
    place?.focus()
  }
}
