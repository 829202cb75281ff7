import type { JSX } from 'react'
import type { LineFraming } from '../../../shared/model/line-rate'
import { CheckCell, type FieldsProps, SelectCell, TextCell } from './fields'
import { framingText, isTcp, type LinkForm } from './link-form'
import { texts as t } from './texts'

const options = (...values: string[]): { value: string; label: string }[] =>
  values.map((value) => ({ value, label: value }))

/** What Advanced holds, in few words, while it is closed. */
export function advancedSummary(form: LinkForm): string {
  const chunk = form.chunk.trim() === '' ? t.defaultChunk : t.chunkOf(form.chunk.trim())
  if (form.kind === 'serial') return `${framingText(form)}, ${chunk}`
  if (form.kind !== 'sim') return form.isLossy ? `${t.lossyLine}, ${chunk}` : chunk
  const isClean = Number(form.flip) === 0 && Number(form.drop) === 0
  return `${t.simFaults(form.seed, isClean)}, ${chunk}`
}

/** The fields most people never need. */
export function AdvancedFields({ form, badField, onChange }: FieldsProps): JSX.Element {
  return (
    <div className="set more" id="connect-advanced">
      {form.kind === 'serial' && (
        <>
          <SelectCell
            label={t.dataBits}
            value={form.dataBits}
            options={options('8', '7', '6', '5')}
            onChange={(dataBits) => onChange({ dataBits })}
          />
          <SelectCell
            label={t.parity}
            value={form.parity}
            options={options('none', 'even', 'odd', 'mark', 'space')}
            onChange={(parity) => onChange({ parity: parity as LineFraming['parity'] })}
          />
          <SelectCell
            label={t.stopBits}
            value={form.stopBits}
            options={options('1', '1.5', '2')}
            onChange={(stopBits) => onChange({ stopBits })}
          />
        </>
      )}
      {form.kind === 'sim' && (
        <>
          <TextCell
            label={t.seed}
            value={form.seed}
            isBad={badField === 'seed'}
            isNumber
            onChange={(seed) => onChange({ seed })}
          />
          <TextCell
            label={t.flip}
            value={form.flip}
            isBad={badField === 'flip'}
            isNumber
            onChange={(flip) => onChange({ flip })}
          />
          <TextCell
            label={t.drop}
            value={form.drop}
            isBad={badField === 'drop'}
            isNumber
            onChange={(drop) => onChange({ drop })}
          />
        </>
      )}
      {isTcp(form.kind) && (
        <CheckCell
          label={t.line}
          what={t.lossy}
          hint={t.lossyHint}
          isChecked={form.isLossy}
          onChange={(isLossy) => onChange({ isLossy })}
        />
      )}
      <TextCell
        label={t.chunk}
        value={form.chunk}
        isBad={badField === 'chunk'}
        placeholder={t.chunkPlaceholder}
        suffix={t.bytes}
        isNumber
        onChange={(chunk) => onChange({ chunk })}
      />
    </div>
  )
}
