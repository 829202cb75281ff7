import type { JSX } from 'react'

/** The bytes of a link as text or hex, and a line to send some. */
export function TerminalPage(): JSX.Element {
  return <section className="pane" data-pane="terminal" />
}
