import type { JSX } from 'react'
import { useApp } from '../../store/app-store'
import { ComboBox } from '../../ui/ComboBox'
import { type FieldsProps, InnerTextCell, PasswordCell, SelectCell, TextCell } from './fields'
import { COMMON_BAUDS, hasPassword, hasResource, isListener } from './link-form'
import { texts as t } from './texts'
import { texts } from '../../ui/texts'

const DIALECTS = Object.entries(texts.dialect).map(([value, label]) => ({ value, label }))
const HINT_ID = 'connect-protocol-hint'
/** Which fields say where, by the kind of link. */
const PLACES = {
  tcp: ['host', 'port'],
  'tcp-listen': ['listenHost', 'listenPort'],
  'ws-listen': ['wsListenHost', 'wsListenPort'],
  udp: ['udpHost', 'udpPort'],
  'udp-listen': ['udpListenHost', 'udpListenPort'],
} as const
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
          placeholder={isListener(form.kind) ? t.ownPasswordPlaceholder : t.passwordPlaceholder}
          onChange={(password) => onChange({ password })}
        />
      )}
      {hasResource(form) && (
        <InnerTextCell
          label={t.path}
          name={t.resource}
          value={form.resource}
          isBad={badField === 'resource'}
          placeholder={t.resourcePlaceholder}
          onChange={(resource) => onChange({ resource })}
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
  const portPlaceholder = form.dialect === 'socketd' ? t.socketdPortPlaceholder : t.tcpPortPlaceholder
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
    case 'tcp-listen':
    case 'ws-listen':
    case 'udp':
    case 'udp-listen': {
      const [host, port] = PLACES[form.kind]
      return (
        <div className="set">
          <TextCell
            label={isListener(form.kind) ? t.address : t.host}
            value={form[host]}
            isBad={badField === host}
            onChange={(typed) => onChange({ [host]: typed })}
          />
          <TextCell
            label={t.tcpPort}
            value={form[port]}
            isBad={badField === port}
            placeholder={portPlaceholder}
            isNumber
            onChange={(typed) => onChange({ [port]: typed })}
          />
          {protocol}
        </div>
      )
    }
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
              placeholder={portPlaceholder}
              isNumber
              onChange={(wsPort) => onChange({ wsPort })}
            />
          </div>
          <TextCell
            label={t.path}
            value={form.wsPath}
            isBad={badField === 'wsPath'}
            placeholder={form.dialect === 'socketd' ? t.resourcePlaceholder : t.pathPlaceholder}
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
