import type { JSX } from 'react'
import type { LineFraming } from '../../../shared/model/line-rate'
import type { FlowControl, LineAtOpen } from '../../../shared/model/link-url'
import { CheckCell, type FieldsProps, SelectCell, TextCell } from './fields'
import {
  hasBroker,
  hasCompression,
  hasFragments,
  hasGap,
  hasHeartbeat,
  hasRates,
  hasTls,
  isListener,
  isTcp,
  isUdp,
  type TlsMode,
} from './link-form'
import { ResetEditor } from './ResetEditor'
import { texts as t } from './texts'

const options = (...values: string[]): { value: string; label: string }[] =>
  values.map((value) => ({ value, label: value }))
const labelled = (labels: Readonly<Record<string, string>>): { value: string; label: string }[] =>
  Object.entries(labels).map(([value, label]) => ({ value, label }))
const LINE_HINT_ID = 'connect-line-hint'

/** The fields most people never need. */
export function AdvancedFields(props: FieldsProps): JSX.Element {
  const { form } = props
  return (
    <div id="connect-advanced">
      {form.kind === 'serial' && <SerialFields {...props} />}
      <CommonFields {...props} />
    </div>
  )
}

function SerialFields({ form, badField, onChange }: FieldsProps): JSX.Element {
  const isDriverMovingRts = form.flow === 'rtscts'
  return (
    <>
      <div className="set more">
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
        <SelectCell
          label={t.flow}
          value={form.flow}
          options={labelled(t.flows)}
          onChange={(flow) => onChange({ flow: flow as FlowControl })}
        />
        <SelectCell
          label={t.dtrAtOpen}
          value={form.dtr}
          options={labelled(t.levels)}
          describedBy={LINE_HINT_ID}
          onChange={(dtr) => onChange({ dtr: dtr as LineAtOpen })}
        />
        <SelectCell
          label={t.rtsAtOpen}
          value={isDriverMovingRts ? 'leave' : form.rts}
          options={labelled(t.levels)}
          isDisabled={isDriverMovingRts}
          describedBy={LINE_HINT_ID}
          onChange={(rts) => onChange({ rts: rts as LineAtOpen })}
        />
        <p className="t3 note" id={LINE_HINT_ID}>
          {isDriverMovingRts ? t.rtsIsFlow : t.lineHint}
        </p>
      </div>
      <ResetEditor
        value={form.reset}
        isBad={badField === 'reset'}
        onChange={(reset) => onChange({ reset })}
      />
    </>
  )
}

function CommonFields({ form, badField, onChange }: FieldsProps): JSX.Element {
  return (
    <div className="set more">
      {isTcp(form.kind) && (
        <CheckCell
          label={t.line}
          what={t.lossy}
          hint={t.lossyHint}
          isChecked={form.isLossy}
          onChange={(isLossy) => onChange({ isLossy })}
        />
      )}
      {hasTls(form.kind) && <TlsFields form={form} badField={badField} onChange={onChange} />}
      {form.kind === 'sim' && (
        <TextCell
          label={t.seed}
          value={form.seed}
          isBad={badField === 'seed'}
          isNumber
          onChange={(seed) => onChange({ seed })}
        />
      )}
      <TextCell
        label={hasFragments(form) ? t.fragment : t.chunk}
        value={form.chunk}
        isBad={badField === 'chunk'}
        placeholder={t.chunkPlaceholder}
        suffix={t.bytes}
        isNumber
        onChange={(chunk) => onChange({ chunk })}
      />
      {isUdp(form.kind) && (
        <TextCell
          label={t.datagram}
          value={form.datagram}
          isBad={badField === 'datagram'}
          placeholder={t.datagramPlaceholder}
          suffix={t.bytes}
          isNumber
          onChange={(datagram) => onChange({ datagram })}
        />
      )}
      {hasBroker(form) && (
        <CheckCell
          label={t.peers}
          what={t.broker}
          hint={t.brokerHint}
          isChecked={form.isBroker}
          onChange={(isBroker) => onChange({ isBroker })}
        />
      )}
      {hasGap(form) && (
        <TextCell
          label={t.gap}
          value={form.gap}
          isBad={badField === 'gap'}
          placeholder={t.gapPlaceholder}
          suffix={t.ms}
          isNumber
          onChange={(gap) => onChange({ gap })}
        />
      )}
      {hasRates(form) && (
        <>
          <TextCell
            label={t.rate}
            value={form.rate}
            isBad={badField === 'rate'}
            placeholder={t.ratePlaceholder}
            suffix={t.perSecond}
            isNumber
            onChange={(rate) => onChange({ rate })}
          />
          <TextCell
            label={t.byteRate}
            value={form.byteRate}
            isBad={badField === 'byteRate'}
            placeholder={t.ratePlaceholder}
            suffix={t.bytesPerSecond}
            isNumber
            onChange={(byteRate) => onChange({ byteRate })}
          />
        </>
      )}
      {hasHeartbeat(form) && (
        <TextCell
          label={t.heartbeat}
          value={form.heartbeat}
          isBad={badField === 'heartbeat'}
          placeholder={form.dialect === 'socketd' ? t.socketdHeartbeatPlaceholder : t.heartbeatPlaceholder}
          suffix={t.seconds}
          isNumber
          onChange={(heartbeat) => onChange({ heartbeat })}
        />
      )}
      {hasCompression(form) && (
        <CheckCell
          label={t.large}
          what={t.compress}
          hint={t.compressHint}
          isChecked={form.isCompressing}
          onChange={(isCompressing) => onChange({ isCompressing })}
        />
      )}
      <CheckCell
        label={t.afterLoss}
        what={t.reconnect}
        hint={t.reconnectHint}
        isChecked={form.isReconnecting}
        onChange={(isReconnecting) => onChange({ isReconnecting })}
      />
      <CheckCell
        label={t.sending}
        what={t.listenOnly}
        hint={t.listenOnlyHint}
        isChecked={form.isListenOnly}
        onChange={(isListenOnly) => onChange({ isListenOnly })}
      />
    </div>
  )
}

function TlsFields({ form, badField, onChange }: FieldsProps): JSX.Element {
  const isServer = isListener(form.kind)
  const modes = isServer ? t.listenerTlsModes : t.tlsModes
  return (
    <>
      <SelectCell
        label={t.tls}
        value={isServer && form.tls === 'unverified' ? 'yes' : form.tls}
        options={labelled(modes)}
        onChange={(tls) => onChange({ tls: tls as TlsMode })}
      />
      {form.tls !== 'no' && !isServer && (
        <TextCell
          label={t.ca}
          value={form.ca}
          isBad={false}
          placeholder={t.caPlaceholder}
          onChange={(ca) => onChange({ ca })}
        />
      )}
      {form.tls !== 'no' && isServer && (
        <>
          <TextCell
            label={t.cert}
            value={form.cert}
            isBad={badField === 'cert'}
            placeholder={t.pemPlaceholder}
            onChange={(cert) => onChange({ cert })}
          />
          <TextCell
            label={t.key}
            value={form.key}
            isBad={badField === 'key'}
            placeholder={t.pemPlaceholder}
            onChange={(key) => onChange({ key })}
          />
        </>
      )}
    </>
  )
}
