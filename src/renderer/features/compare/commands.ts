import type { Command } from '../../commands/command'
import { useApp } from '../../store/app-store'
import { useCompare } from './compare-store'
import { compareTexts as t } from './texts'

/** What can be done with two recordings from anywhere. */
export function compareCommands(): readonly Command[] {
  return [
    {
      id: 'compare.open',
      title: 'Compare two recordings',
      group: t.title,
      keys: [],
      run: () => {
        const { pageChosen, recordingsTabChosen } = useApp.getState()
        pageChosen('recordings')
        recordingsTabChosen('compare')
      },
    },
    {
      id: 'compare.swap',
      title: 'Swap the compared recordings',
      group: t.title,
      keys: [],
      isEnabled: () => useApp.getState().comparedPair !== null,
      run: () => {
        const { comparedPair, compareChosen } = useApp.getState()
        useCompare.getState().rowSelected(null)
        if (comparedPair !== null) compareChosen(comparedPair.b, comparedPair.a)
      },
    },
  ]
}
