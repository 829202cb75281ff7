import { parseLinkUrl } from '../../../shared/model/link-url'
import { keepSetting, readSetting } from '../../store/kept-settings'
import { EMPTY_FORM, type LinkForm } from './link-form'
import { formOf, linkUrlOf } from './link-form-url'

const SETTING = 'last-link'
const RECORD_SETTING = 'connect-records'

/** The form as it was when somebody connected last: kept as an address, so that only valid forms come back. */
export const keptForm = (): LinkForm => formOf(readSetting(SETTING) ?? '') ?? EMPTY_FORM

export function keepForm(form: LinkForm): void {
  const result = linkUrlOf(form)
  if (result.ok) keepSetting(SETTING, parseLinkUrl(result.url).text) // which has no password
}

/** Whether what is connected is recorded from its first byte, as it was chosen last. */
export const keptRecording = (): boolean => readSetting(RECORD_SETTING) === 'yes'

export const keepRecording = (isRecorded: boolean): void =>
  keepSetting(RECORD_SETTING, isRecorded ? 'yes' : 'no')
