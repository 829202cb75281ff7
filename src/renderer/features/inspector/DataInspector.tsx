import { type JSX, useState } from 'react'
import { type DataValueName, dataValues } from '../../../shared/body/data-values'
import { keepSetting, readSetting } from '../../store/kept-settings'
import { Segmented } from '../../ui/Segmented'
import type { ByteSource } from './HexGrid'
import { inspectorTexts } from './texts'

const t = inspectorTexts.hex
const SETTING = 'hex-byte-order'
/** A 64-bit varint has at most ten bytes. */
const LONGEST_VALUE_BYTES = 10
/** Twenty digits need a line of their own. */
const WIDE: ReadonlySet<DataValueName> = new Set(['u64', 'i64', 'f64', 'time'])
type Order = 'little' | 'big'

interface DataInspectorProps {
  readonly source: ByteSource
  readonly at: number
}

/** What the bytes at one place mean as numbers, in the byte order the person chose. */
export function DataInspector({ source, at }: DataInspectorProps): JSX.Element {
  const [order, setOrder] = useState<Order>(() => (readSetting(SETTING) === 'big' ? 'big' : 'little'))
  const chosen = (next: Order): void => {
    setOrder(next)
    keepSetting(SETTING, next)
  }
  const bytes = source.read(at, LONGEST_VALUE_BYTES) ?? new Uint8Array(0)
  return (
    <section className="data-values" aria-label={t.values}>
      <div className="body-bar">
        <span className="t3 grow">{`${t.values} 0x${at.toString(16).padStart(4, '0')}`}</span>
        <Segmented<Order>
          label={t.order}
          value={order}
          options={[
            { value: 'little', label: 'LE' },
            { value: 'big', label: 'BE' },
          ]}
          onChange={chosen}
        />
      </div>
      <dl className="selectable">
        {dataValues(bytes, 0, order === 'little').map(({ name, text }) => (
          <div key={name} className={WIDE.has(name) ? 'wide' : undefined}>
            <dt>{t.names[name]}</dt>
            <dd className={text === null ? 't4' : 'num'} title={text ?? undefined}>
              {text ?? '–'}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
