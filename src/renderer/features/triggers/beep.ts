let context: AudioContext | undefined
let isPlaying = false

const SECONDS = 0.14

/** A short, quiet tone; one at a time. A browser that was never touched by its person plays nothing. */
export function beep(): void {
  if (isPlaying || typeof AudioContext === 'undefined') return
  context ??= new AudioContext()
  void context.resume().catch(() => undefined)
  const { currentTime, destination } = context
  const tone = context.createOscillator()
  const volume = context.createGain()
  tone.frequency.value = 880
  volume.gain.setValueAtTime(0.12, currentTime)
  volume.gain.exponentialRampToValueAtTime(0.001, currentTime + SECONDS)
  tone.connect(volume).connect(destination)
  isPlaying = true
  tone.onended = () => {
    isPlaying = false
    volume.disconnect()
  }
  tone.start()
  tone.stop(currentTime + SECONDS)
}
