import type { Command } from '../commands/command'
import { useApp } from '../store/app-store'
import { openAnotherWindow } from '../host-channel'
import { THEMES } from '../store/theme-slice'
import { commandTexts } from './command-texts'

const t = commandTexts.looks
const group = commandTexts.groups.window

/** How the screen looks, and its settings. */
export function looksCommands(): readonly Command[] {
  const state = useApp.getState
  return [
    {
      id: 'app.settings',
      title: t.settings,
      group,
      keys: ['Mod+,'],
      isOverCard: true,
      run: () => state().settingsToggled(true),
    },
    {
      id: 'zoom.in',
      title: t.zoomIn,
      group,
      keys: ['Mod++', 'Mod+='],
      isOverCard: true,
      run: () => state().zoomStepped(1),
    },
    {
      id: 'zoom.out',
      title: t.zoomOut,
      group,
      keys: ['Mod+-'],
      isOverCard: true,
      run: () => state().zoomStepped(-1),
    },
    {
      id: 'zoom.none',
      title: t.zoomNone,
      group,
      keys: ['Mod+0'],
      isOverCard: true,
      run: () => state().zoomChosen(100),
    },
    ...THEMES.map(
      (theme): Command => ({
        id: `theme.${theme}`,
        title: t.theme(t.themes[theme]),
        group,
        keys: [],
        isOverCard: true,
        run: () => state().themeChosen(theme),
      }),
    ),
    {
      id: 'theme.system',
      title: t.themeSystem,
      group,
      keys: [],
      isOverCard: true,
      run: () => state().themeChosen(null),
    },
    { id: 'window.new', title: t.newWindow, group, keys: [], isOverCard: true, run: openAnotherWindow },
  ]
}
