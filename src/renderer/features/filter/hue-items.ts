import { type Hue, HUES } from '../../store/filters'
import type { MenuItem } from '../../ui/Menu'
import { filterTexts as t } from './texts'

/** The eight hues by their names, each beside its colour. */
export const hueItems = (chosen: Hue | null, choose: (hue: Hue) => void): MenuItem[] =>
  HUES.map((hue) => ({
    key: `hue-${hue}`,
    label: t.hues[hue],
    hue,
    isChecked: hue === chosen,
    isRadio: true,
    run: () => choose(hue),
  }))
