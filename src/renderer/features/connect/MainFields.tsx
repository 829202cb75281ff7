import type { JSX } from 'react'
import { useApp } from '../../store/app-store'
import { ComboBox } from '../../ui/ComboBox'
import { type FieldsProps, PasswordCell, SelectCell, TextCell } from './fields'
import { COMMON_BAUDS, hasPassword } from './link-form'
import { texts as t } from './texts'
import { texts } from '../../ui/texts'

const DIALECTS = Object.entries(texts.dialect).map(([value, label]) => ({ value, label }))
const HINT_ID = 'connect-protocol-hint'
const DEVICES = [{ value: 'demo', label: 'demo' }]

/** The three fields that matter: where, how fast, which protocol; and what the chosen protocol is for. */
export function MainFields(props: FieldsProps): JSX.Element {
  return (
    <>
      <PlaceFields {...props} />
      <ProtocolLine {...props} />
    </>
  )
}

/** Always as high as with a password field, so that choosing a protocol moves nothing. */
function ProtocolLine({ form, badField, onChange }: FieldsProps): JSX.Element {
  return (
    <div className="protocol-line">
      <p id={HINT_ID}>{t.protocolHint[form.dialect]}</p>
      {hasPassword(form) && (
        <PasswordCell
          label={t.password}
          value={form.password}
          isBad={badField === 'password'}
          placeholder={form.kind === 'tcp-listen' ? t.ownPasswordPlaceholder : t.passwordPlaceholder}
          onChange={(password) => onChange({ password })}
        />
      )}
    </div>
  )
}

function PlaceFields({ form, badField, onChange }: FieldsProps): JSX.Element {
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
      describedBy={HINT_ID}
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
    case 'ws':
      return (
        <div className="set">
          <div className="pair">
            <TextCell
              label={t.host}
              value={form.wsHost}
              isBad={badField === 'wsHost'}
              onChange={(wsHost) => onChange({ wsHost })}
            />
            <TextCell
              label={t.tcpPort}
              value={form.wsPort}
              isBad={badField === 'wsPort'}
              placeholder={t.tcpPortPlaceholder}
              isNumber
              onChange={(wsPort) => onChange({ wsPort })}
            />
          </div>
          <TextCell
            label={t.path}
            value={form.wsPath}
            isBad={badField === 'wsPath'}
            placeholder={t.pathPlaceholder}
            onChange={(wsPath) => onChange({ wsPath })}
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
