import { ButtonLink } from '../ui/links.tsx'
import classes from './pager.module.css'

/** The filters stay as they are. */
const at = (cursor: string | undefined) => ((kept: object) => ({ ...kept, cursor })) as never

type Props = { cursor: string | undefined; next: string | null; newestLabel: string; olderLabel: string }

/** The ways through a list: cursors only lead on, so the way back is the first page (and the browser's own). */
export function Pager({ cursor, next, newestLabel, olderLabel }: Props) {
  if (!cursor && !next) return null
  return (
    <nav className={classes.pager} aria-label="More of the list">
      {cursor && (
        <ButtonLink variant="default" size="xs" to="." search={at(undefined)}>
          {newestLabel}
        </ButtonLink>
      )}
      {next && (
        <ButtonLink variant="default" size="xs" to="." search={at(next)}>
          {olderLabel}
        </ButtonLink>
      )}
    </nav>
  )
}
