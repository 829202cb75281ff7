import { type JSX, useRef, useState } from 'react'
import { useApp } from '../../store/app-store'
import { selectIsRunOpen } from '../../store/replay-slice'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import { Menu, type ScreenPoint } from '../../ui/Menu'
import { Segmented } from '../../ui/Segmented'
import { TextPrompt } from '../../ui/TextPrompt'
import { DeviceMenu } from './DeviceMenu'
import { startRun, stepRun, stopRun } from './replay-actions'
import { replayTexts as t } from './texts'
import './replay.css'

const POLICIES = [
  { value: 'time', label: t.policies.time },
  { value: 'reply', label: t.policies.reply },
  { value: 'step', label: t.policies.step },
] as const
const GOALS = [
  { value: 'view', label: t.goals.view },
  { value: 'simulator', label: t.goals.simulator },
  { value: 'device', label: t.goals.device },
] as const

/** Which part of the transport bar says whether the recording is sent to somebody, when, and to whom. */
export function ReplayControls(): JSX.Element {
  const session = useSession()
  const policy = useApp((s) => s.replayPolicy)
  const goal = useApp((s) => s.replayGoal)
  const isOpen = useApp(selectIsRunOpen)
  const [devicesAt, setDevicesAt] = useState<ScreenPoint | null>(null)
  const [addressAt, setAddressAt] = useState<ScreenPoint | null>(null)
  const { replayPolicyChosen, replayGoalChosen } = useApp.getState()
  const start = (at: ScreenPoint): void => {
    if (goal === 'simulator') startRun(session, { kind: 'simulator' })
    else setDevicesAt(at)
  }
  const hasButtons = goal !== 'view' || isOpen
  return (
    <div className={hasButtons ? 'replay replay-acts' : 'replay'} role="group" aria-label={t.group}>
      <span className="k">{t.send}</span>
      <Segmented
        label={t.policy}
        value={policy}
        options={POLICIES}
        isDisabled={isOpen}
        onChange={replayPolicyChosen}
      />
      <span className="k">{t.to}</span>
      <Segmented
        label={t.goal}
        value={goal}
        options={GOALS}
        isDisabled={isOpen}
        onChange={replayGoalChosen}
      />
      {hasButtons && (
        <>
          <RunButtons onStart={start} />
          {!isOpen && <RunOptions />}
        </>
      )}
      {devicesAt !== null && (
        <DeviceMenu
          at={devicesAt}
          onTarget={(target) => startRun(session, target)}
          onAddress={() => setAddressAt(devicesAt)}
          onClose={() => setDevicesAt(null)}
        />
      )}
      {addressAt !== null && (
        <TextPrompt
          label={t.address}
          at={addressAt}
          initial=""
          placeholder={t.addressPlaceholder}
          save={t.begin}
          maxLength={2048}
          isMono
          onSave={(url) => startRun(session, { kind: 'listen', url })}
          onClose={() => setAddressAt(null)}
        />
      )}
    </div>
  )
}

function RunButtons({ onStart }: { readonly onStart: (at: ScreenPoint) => void }): JSX.Element {
  const session = useSession()
  const isOpen = useApp(selectIsRunOpen)
  const isBeginning = useApp((s) => s.isReplayBeginning)
  const isStepped = useApp((s) => s.replay?.policy === 'step')
  const next = useApp((s) => s.replay?.next ?? null)
  if (!isOpen) {
    return (
      <button
        type="button"
        className="btn primary sm"
        title={t.startHint}
        aria-label={t.start}
        disabled={isBeginning}
        onClick={({ currentTarget }) => {
          const box = currentTarget.getBoundingClientRect()
          onStart({ x: box.left, y: box.bottom + 4 })
        }}
      >
        <Icon name={isBeginning ? 'wait' : 'play'} small />
        <span className="replay-word">{isBeginning ? t.beginning : t.start}</span>
      </button>
    )
  }
  return (
    <>
      {isStepped && (
        <button
          type="button"
          className="btn primary sm"
          title={t.nextHint(next)}
          aria-label={t.next}
          disabled={next === null}
          onClick={() => stepRun(session)}
        >
          <Icon name="skip" small />
          <span className="replay-word">{t.next}</span>
        </button>
      )}
      <button
        type="button"
        className="btn sm"
        title={t.stop}
        aria-label={t.stop}
        onClick={() => stopRun(session)}
      >
        <Icon name="stop" small />
        <span className="replay-word">{t.stop}</span>
      </button>
    </>
  )
}

function RunOptions(): JSX.Element {
  const stops = useApp((s) => s.replayStopsAtDifference)
  const isRecorded = useApp((s) => s.replayIsRecorded)
  const [at, setAt] = useState<ScreenPoint | null>(null)
  const opener = useRef<HTMLButtonElement>(null)
  const { replayStopToggled, replayRecordToggled } = useApp.getState()
  const open = (): void => {
    const box = opener.current?.getBoundingClientRect()
    if (box !== undefined) setAt({ x: box.left, y: box.bottom + 4 })
  }
  return (
    <>
      <button
        ref={opener}
        type="button"
        className="btn ghost sm sq"
        title={t.options}
        aria-label={t.options}
        aria-haspopup="menu"
        aria-expanded={at !== null}
        onClick={open}
      >
        <Icon name="settings" small />
      </button>
      {at !== null && (
        <Menu
          label={t.options}
          at={at}
          groups={[
            {
              items: [
                {
                  key: 'stop',
                  label: t.stopAtDifference,
                  isChecked: stops,
                  staysOpen: true,
                  run: replayStopToggled,
                },
                {
                  key: 'record',
                  label: t.record,
                  isChecked: isRecorded,
                  staysOpen: true,
                  run: replayRecordToggled,
                },
              ],
            },
          ]}
          onClose={() => setAt(null)}
        />
      )}
    </>
  )
}
