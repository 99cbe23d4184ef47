import classes from './app-icon.module.css'

type Props = { name: string; icon: string | null; size?: 'sm' | 'md' | 'lg' }

/** The first letters of the first two words. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  return words
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase()
}

/** One of a few quiet colours, always the same one for a name. */
function tintOf(name: string): number {
  let sum = 0
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997
  return sum % 6
}

/** The sign of an app: its emoji or letters, else its initials. The name stands beside it, so it is hidden from readers. */
export function AppIcon({ name, icon, size = 'md' }: Props) {
  return (
    <span className={classes.icon} data-size={size} data-tint={tintOf(name)} aria-hidden="true">
      {icon?.trim() || initialsOf(name)}
    </span>
  )
}
