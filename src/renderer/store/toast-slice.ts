import type { StateCreator } from 'zustand'

export type ToastTone = 'ok' | 'warn' | 'err' | 'info'

/** A background action that finished or failed, as any part of the screen tells of it with `toasted`. */
export interface Toast {
  /** Toasts of one key stand for each other: the newest is shown, with how many there were. */
  readonly key: string
  /** A few words; the rest belongs into `detail`. */
  readonly text: string
  readonly tone: ToastTone
  /** Default: by the tone. */
  readonly icon?: 'bolt' | 'note'
  /** Fainter, cut where it is too long. */
  readonly detail?: string
  /** What a screen reader calls it; default: `Notice`. */
  readonly label?: string
  /** Before the text where those of the key did not all say the same: `3 triggers fired, last`. */
  readonly many?: (count: number) => string
  readonly action?: { readonly label: string; readonly hint?: string; readonly run: () => void }
}

export interface ShownToast extends Toast {
  /** So many it stands for. */
  readonly count: number
  /** All of them said the same. */
  readonly isOne: boolean
}

/** At most one toast is shown. A failure is not pushed away by good news: that waits, the newest of it. */
export interface ToastSlice {
  readonly toast: ShownToast | null
  readonly waitingToast: ShownToast | null
  readonly toasted: (toast: Toast) => void
  /** The person, or the time, is through with the one that is shown. */
  readonly toastDismissed: () => void
}

const merged = (shown: ShownToast | null, toast: Toast): ShownToast => {
  if (shown === null || shown.key !== toast.key) return { ...toast, count: 1, isOne: true }
  return { ...toast, count: shown.count + 1, isOne: shown.isOne && shown.text === toast.text }
}

export const createToastSlice: StateCreator<ToastSlice, [], [], ToastSlice> = (set) => ({
  toast: null,
  waitingToast: null,
  toasted: (toast) =>
    set(({ toast: shown, waitingToast }) => {
      const isKept = shown !== null && shown.key !== toast.key && shown.tone === 'err' && toast.tone !== 'err'
      return isKept ? { waitingToast: merged(waitingToast, toast) } : { toast: merged(shown, toast) }
    }),
  toastDismissed: () => set(({ waitingToast }) => ({ toast: waitingToast, waitingToast: null })),
})
