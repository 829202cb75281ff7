import type { JSX } from 'react'
import { useApp } from '../../store/app-store'
import { ComboBox } from '../../ui/ComboBox'
import { texts } from '../../ui/texts'
import { type FieldsProps, SelectCell, TextCell } from './fields'
import { COMMON_BAUDS } from './link-form'

const t = texts.connect
const DIALECTS = Object.entries(texts.dialect).map(([value, label]) => ({ value, label }))
const DEVICES = [{ value: 'demo', label: 'demo' }]

/** The three fields that matter: where, how fast, which protocol. */
export function MainFields({ form, badField, onChange }: FieldsProps): JSX.Element {
  const ports = useApp((s) => s.ports)
  const speed = (value: string, key: 'baud' | 'simBaud'): JSX.Element => (
    <div className="cell">
      {t.speed}
      <span className={badField === 'baud' ? 'field bad' : 'field'}>
        <ComboBox
          label={t.speed}
          value={value}
          options={COMMON_BAUDS}
          suffix={t.baud}
          isBad={badField === 'baud'}
          onChange={(baud) => onChange({ [key]: baud })}
        />
      </span>
    </div>
  )
  const protocol = (
    <SelectCell
      label={t.protocol}
      value={form.dialect}
      options={DIALECTS}
      onChange={(dialect) => onChange({ dialect })}
    />
  )
  switch (form.kind) {
    case 'serial':
      return (
        <div className="set">
          <div className="cell">
            {t.port}
            <span className={badField === 'path' ? 'field bad' : 'field'}>
              <ComboBox
                label={t.port}
                value={form.path}
                options={(ports ?? []).map((port) => port.path)}
                placeholder={t.portPlaceholder}
                isBad={badField === 'path'}
                onChange={(path) => onChange({ path })}
              />
            </span>
          </div>
          {speed(form.baud, 'baud')}
          {protocol}
        </div>
      )
    case 'tcp':
      return (
        <div className="set">
          <TextCell
            label={t.host}
            value={form.host}
            isBad={badField === 'host'}
            onChange={(host) => onChange({ host })}
          />
          <TextCell
            label={t.tcpPort}
            value={form.port}
            isBad={badField === 'port'}
            placeholder={t.tcpPortPlaceholder}
            isNumber
            onChange={(port) => onChange({ port })}
          />
          {protocol}
        </div>
      )
    case 'tcp-listen':
      return (
        <div className="set">
          <TextCell
            label={t.address}
            value={form.listenHost}
            isBad={badField === 'listenHost'}
            onChange={(listenHost) => onChange({ listenHost })}
          />
          <TextCell
            label={t.tcpPort}
            value={form.listenPort}
            isBad={badField === 'listenPort'}
            isNumber
            onChange={(listenPort) => onChange({ listenPort })}
          />
          {protocol}
        </div>
      )
    case 'sim':
      return (
        <div className="set">
          <SelectCell
            label={t.device}
            value={form.device}
            options={DEVICES}
            onChange={(device) => onChange({ device })}
          />
          {speed(form.simBaud, 'simBaud')}
          {protocol}
        </div>
      )
  }
}
