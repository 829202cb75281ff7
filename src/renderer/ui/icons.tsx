import type { JSX } from 'react'

/** 16 px box, 1.5 px stroke, round ends, current colour. `small` is the 12 px form of rows. */
const paths = {
  mark: 'M2 5h4v6h4V5h4',
  live: 'M1.5 8h3l2-5 3 10 2-5h3',
  compose: 'M14 2 7.5 8.5M14 2l-4 12-2.5-5.5L2 6z',
  warn: 'M8 2.2 14.5 13.5h-13zM8 6.5v3M8 11.5v.01',
  down: 'm4.5 6.5 3.5 3.5 3.5-3.5',
  right: 'm6.5 4.5 3.5 3.5-3.5 3.5',
  x: 'm4 4 8 8M12 4l-8 8',
  check: 'm3 8.5 3.5 3.5L13 4.5',
  plus: 'M8 3v10M3 8h10',
  arrowUp: 'M8 13V3M4 7l4-4 4 4',
  arrowDown: 'M8 3v10M4 9l4 4 4-4',
  unplug: 'M1.5 8H5M11 8h3.5M5 5v6M11 5v6M8 3.5v2M8 10.5v2',
  plug: 'M6 2v3M10 2v3M4 5h8v2.5a4 4 0 0 1-8 0zM8 11.5V14',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  skip: 'm2.5 3.5 5 4.5-5 4.5zM8.5 3.5l5 4.5-5 4.5z',
  play: 'M5 3v10l8-5z',
  toStart: 'M12 3.5v9L5.5 8zM3.5 3.5v9',
  toEnd: 'M4 3.5v9L10.5 8zM12.5 3.5v9',
  stepBack: 'M10.5 3.5 6 8l4.5 4.5',
  stepForward: 'M5.5 3.5 10 8l-4.5 4.5',
  loop: 'M3 8V6.5A2.5 2.5 0 0 1 5.5 4H13M11 2l2 2-2 2M13 8v1.5a2.5 2.5 0 0 1-2.5 2.5H3M5 14l-2-2 2-2',
  flask: 'M6 2h4M6.5 2v4L3 12.5A1 1 0 0 0 4 14h8a1 1 0 0 0 1-1.5L9.5 6V2M5 10h6',
  reply: 'M3 3v4a2 2 0 0 0 2 2h8M10 6l3 3-3 3',
  refresh: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3',
  trash: 'M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9',
  edit: 'm3 13 .7-3L10.5 3.2a1 1 0 0 1 1.4 0l.9.9a1 1 0 0 1 0 1.4L6 12.3zM9.3 4.4l2.3 2.3',
  pin: 'M5.5 2h5M6.5 2v4.5L4.5 9h7l-2-2.5V2M8 9v5',
  flag: 'M4 14V2.5M4 3h8l-2 2.75L12 8.5H4',
  bolt: 'M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.4 10.4 14 14',
  dim: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2v12M8 5h5M8 8h6M8 11h5',
  filter: 'M2 3.5h12M4.5 8h7M7 12.5h2',
  group: 'M2.5 4h11M5.5 8h8M5.5 12h8M2.5 7v5',
  columns: 'M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10',
  chart: 'M2.5 2.5v11h11M5 10.5l2.5-3.5 2 2L13 4.5',
  sound: 'M2.5 6v4H5l3.5 3V3L5 6zM11 5.8a3 3 0 0 1 0 4.4M12.8 4a5.6 5.6 0 0 1 0 8',
  muted: 'M2.5 6v4H5l3.5 3V3L5 6zM11 6.2l3.5 3.6M14.5 6.2 11 9.8',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8M8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6',
  clock: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2M8 4.5V8l2.5 1.5',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z',
} as const

const shapes = {
  stop: <rect x="4" y="4" width="8" height="8" rx="1" />,
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </>
  ),
  unlock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 4.9-.7" />
    </>
  ),
  terminal: (
    <>
      <rect x="1.5" y="2.5" width="13" height="11" rx="1.5" />
      <path d="m4.5 6 2 2-2 2M8.5 10.5h3" />
    </>
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M6.3 6.2a1.8 1.8 0 1 1 2.6 1.7c-.6.3-.9.6-.9 1.3M8 11.3v.01" />
    </>
  ),
  rec: (
    <>
      <rect x="1.5" y="3.5" width="13" height="9" rx="1.5" />
      <circle cx="5.5" cy="8" r="1.75" />
      <circle cx="10.5" cy="8" r="1.75" />
      <path d="M5.5 9.75h5" />
    </>
  ),
  chip: (
    <>
      <rect x="4" y="4" width="8" height="8" rx="1" />
      <path d="M6 1.5V4M10 1.5V4M6 12v2.5M10 12v2.5M1.5 6H4M1.5 10H4M12 6h2.5M12 10h2.5" />
    </>
  ),
  net: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M2 8h12M8 2c2 2 2.5 4 2.5 6S10 12 8 14c-2-2-2.5-4-2.5-6S6 4 8 2z" />
    </>
  ),
  note: (
    <>
      <path d="M3 2.5h10v7l-4 4H3z" />
      <path d="M13 9.5H9v4" />
    </>
  ),
  wait: <circle cx="8" cy="8" r="6" strokeDasharray="2.2 2.5" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2" />
    </>
  ),
  settings: (
    <>
      <circle cx="8" cy="8" r="2.25" />
      <path d="M8 1.5v1.8M8 12.7v1.8M1.5 8h1.8M12.7 8h1.8M3.4 3.4l1.3 1.3M11.3 11.3l1.3 1.3M3.4 12.6l1.3-1.3M11.3 4.7l1.3-1.3" />
      <circle cx="8" cy="8" r="4.6" />
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="2.75" />
      <path d="M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9" />
    </>
  ),
} as const satisfies Record<string, JSX.Element>

export type IconName = keyof typeof paths | keyof typeof shapes

interface IconProps {
  readonly name: IconName
  readonly small?: boolean
  readonly tone?: 'ok' | 'warn' | 'err'
}

/** Decoration only: the control or row says in words what it means. */
export function Icon({ name, small = false, tone }: IconProps): JSX.Element {
  const classes = ['i', small ? 's' : '', tone ?? ''].filter(Boolean).join(' ')
  return (
    <svg className={classes} viewBox="0 0 16 16" aria-hidden="true">
      {name in shapes ? shapes[name as keyof typeof shapes] : <path d={paths[name as keyof typeof paths]} />}
    </svg>
  )
}
