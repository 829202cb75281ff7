import type { ListEvent } from '../../../../shared/model/list-view'
import { formatClock } from '../../../ui/format'
import type { IconName } from '../../../ui/icons'
import { revealLine } from '../../../ui/visible-text'
import { listTexts as t } from './texts'

/** How something that happened between messages looks and reads. */
export interface EventLook {
  readonly icon: IconName
  readonly tone: 'ok' | 'warn' | 'err' | 'accent' | null
  /** What happened, the few words that matter. */
  readonly title: string
  /** Why, or on which link; empty where there is nothing to add. */
  readonly detail: string
}

/** @param linkName - Empty where there is one link only: it goes without saying. */
export function eventLook(event: ListEvent, linkName: string): EventLook {
  const { kind, atMs, untilMs, code, count } = event
  const text = revealLine(event.text)
  const detail = (...parts: (string | null)[]): string =>
    [linkName, ...parts].filter((part) => part !== null && part !== '').join(' · ')
  switch (kind) {
    case 'link-down': {
      const title = untilMs === null ? t.linkDownNow : t.linkDown(untilMs - atMs)
      return { icon: 'unplug', tone: null, title, detail: detail(text, code) }
    }
    case 'link-up':
      return { icon: 'plug', tone: 'ok', title: t.linkUp, detail: detail(text) }
    case 'loss': {
      const title = count === 0 ? t.lostUnknown : t.lost(count)
      return { icon: 'warn', tone: 'err', title, detail: detail(text, code) }
    }
    case 'marker':
      return { icon: 'flag', tone: 'accent', title: text === '' ? t.marker : text, detail: '' }
    case 'note':
      return { icon: 'note', tone: 'accent', title: text, detail: '' }
    case 'trigger':
      return { icon: 'bolt', tone: 'accent', title: text === '' ? t.trigger : text, detail: detail() }
    case 'evicted':
      return { icon: 'trash', tone: null, title: t.evicted(count), detail: detail() }
  }
}

/** One event as one sentence, for people who hear the list. */
export function eventSentence(event: ListEvent, linkName: string, startedAtMs: number): string {
  const { title, detail } = eventLook(event, linkName)
  const words = detail === '' ? title : `${title}, ${detail}`
  return `${t.eventKinds[event.kind]} ${formatClock(startedAtMs, event.atMs)}, ${words}`
}
