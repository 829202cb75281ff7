import { parseLinkUrl } from '../../../shared/model/link-url'
import { keepSetting, readSetting } from '../../store/kept-settings'
import { EMPTY_FORM, type LinkForm } from './link-form'
import { formOf, linkUrlOf } from './link-form-url'

const SETTING = 'last-link'

/** The form as it was when somebody connected last: kept as an address, so that only valid forms come back. */
export const keptForm = (): LinkForm => formOf(readSetting(SETTING) ?? '') ?? EMPTY_FORM

export function keepForm(form: LinkForm): void {
  const result = linkUrlOf(form)
  if (result.ok) keepSetting(SETTING, parseLinkUrl(result.url).text) // which has no password
}
