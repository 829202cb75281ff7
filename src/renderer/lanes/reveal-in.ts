/** Scrolls just so far that this part of the content can be seen. All in CSS pixels. */
export function revealIn(scroller: HTMLElement | null, top: number, height: number): void {
  if (scroller === null) return
  const { scrollTop, clientHeight } = scroller
  if (top < scrollTop) scroller.scrollTop = top
  else if (top + height > scrollTop + clientHeight) scroller.scrollTop = top + height - clientHeight
}
