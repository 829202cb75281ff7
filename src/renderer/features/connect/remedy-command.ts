/** The command in a remedy such as `Join the group …: sudo usermod -aG dialout "$USER", then log in again.`, or null. */
export function commandIn(remedy: string): string | null {
  const match = /(?:^|[:.] )((?:sudo|kill|netcore|brew|systemctl|modprobe|ls|lsof|fuser) .+)$/s.exec(remedy)
  if (match === null) return null
  const rest = match[1]!.replace(/,? then .*$/s, '').trim()
  return rest.replace(/(?<=[^.])\.$/, '').replace(/ \(.*\)$/s, '')
}
