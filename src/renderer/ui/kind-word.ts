import type { MessageRow } from '../../shared/model/views'
import { texts } from './texts'

/** What a message is for, in a word. */
export const kindWord = ({ kind, isSubscription }: Pick<MessageRow, 'kind' | 'isSubscription'>): string =>
  isSubscription ? texts.list.subscription : texts.list.kind[kind]
