/**
 * The terminal writes its rules into `<style>` elements, which the page's security policy forbids, rightly: text that
 * becomes style must not be possible here. Style sheets made by a script are allowed. While `open` runs, an element made
 * for rules is therefore a stand-in that hands its text to such a sheet; it is gone with the element.
 */
export function withStandInStyles(open: () => void): void {
  const page: ElementMaker = document
  const make = page.createElement.bind(page)
  page.createElement = (name) => (name.toLowerCase() === 'style' ? standIn(make('span')) : make(name))
  try {
    open()
  } finally {
    // what was put on the object hides what its prototype has
    delete (page as Partial<ElementMaker>).createElement
  }
}

interface ElementMaker {
  createElement: (name: string) => HTMLElement
}

function standIn(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet()
  document.adoptedStyleSheets.push(sheet)
  element.hidden = true
  Object.defineProperty(element, 'textContent', {
    set: (rules: string) => sheet.replaceSync(rules),
    get: () => '',
  })
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet)
    HTMLElement.prototype.remove.call(element)
  }
  return element
}

let allowances = 0

/**
 * The terminal also writes the colours of a selection into the `style` attribute of the spans it makes, which the policy
 * takes for markup. Until the returned function is called, such an attribute of a span is set through its style object,
 * which scripts may: nothing is allowed that they could not do before, and markup still may not.
 */
export function allowSpanStyles(): () => void {
  allowances += 1
  HTMLSpanElement.prototype.setAttribute = function (name: string, value: string): void {
    if (name === 'style') this.style.cssText = value
    else Element.prototype.setAttribute.call(this, name, value)
  }
  let isOver = false
  return () => {
    if (isOver) return
    isOver = true
    allowances -= 1
    if (allowances === 0) delete (HTMLSpanElement.prototype as Partial<HTMLSpanElement>).setAttribute
  }
}
