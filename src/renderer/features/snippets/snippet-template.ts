/** What a new snippet begins with: it runs against any device that has the demo routes. */
export const SNIPPET_TEMPLATE = `# Steps are taken one after the other. Ctrl+Space says what can stand at a place.
title: Ask and check
timeout: 30s
variables:
  a: 2
steps:
  - send:
      route: add
      body: { json: '{"a": {{a}}, "b": 3}' }
  - expect: body.sum == 5
    within: 2s
`
