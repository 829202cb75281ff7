import { formatDuration } from '../../../shared/workspace/duration'
import type { SnippetStep } from '../../../shared/workspace/workspace-types'

const MAX_TITLE_LENGTH = 200

/** A step and how deep it lies in repeats. */
export interface PlacedStep {
  readonly step: SnippetStep
  readonly depth: number
}

/** All steps in the order of the file; those within a repeat follow it. */
export function flatSteps(steps: readonly SnippetStep[], depth = 0): PlacedStep[] {
  return steps.flatMap((step) => [
    { step, depth },
    ...(step.step === 'repeat' ? flatSteps(step.steps, depth + 1) : []),
  ])
}

/** A step in one line, as people would say it. */
export function stepTitle(step: SnippetStep): string {
  const title = words(step).replaceAll(/\s+/g, ' ')
  return title.length > MAX_TITLE_LENGTH ? `${title.slice(0, MAX_TITLE_LENGTH - 1)}…` : title
}

function words(step: SnippetStep): string {
  switch (step.step) {
    case 'send':
      return `send ${typeof step.message === 'string' ? step.message : step.message.route}`
    case 'wait':
      return `wait ${formatDuration(step.waitMs)}`
    case 'expect':
      return `expect ${step.filter} within ${formatDuration(step.withinMs)}`
    case 'check':
      return `check ${step.filter}`
    case 'set':
      return `set ${Object.entries(step.variables)
        .map(([name, value]) => `${name} = ${value}`)
        .join(', ')}`
    case 'repeat':
      return step.times === 0 ? 'repeat' : `repeat ${step.times} times`
    case 'stop-if':
      return `${step.isFailure ? 'fail' : 'stop'} if ${step.filter}`
  }
}
