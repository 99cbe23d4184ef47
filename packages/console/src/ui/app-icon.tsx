import classes from './app-icon.module.css'

type Props = { name: string; icon: string | null; size?: 'sm' | 'md' | 'lg' }

const hues = 6

/** The same colour for the same name, on every page. */
function hueOf(name: string): number {
  let sum = 0
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521
  return sum % hues
}

/** An emoji, two letters, or the first letters of the name. */
export function iconText(name: string, icon: string | null): string {
  if (icon) return icon
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => [...word][0]) : [...(words[0] ?? '?')]
  return letters.slice(0, 2).join('').toUpperCase()
}

/** What an app is recognised by. Its name always stands beside it. */
export function AppIcon({ name, icon, size = 'md' }: Props) {
  return (
    <span className={classes.icon} data-size={size} data-hue={hueOf(name)} aria-hidden="true">
      {iconText(name, icon)}
    </span>
  )
}
