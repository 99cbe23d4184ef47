import type { PrincipalRef } from '@keyhook/contract/api/access-parts.ts'
import { api } from '../api.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { TextLink } from '../ui/links.tsx'
import classes from './principal-names.module.css'
import { usePrincipals } from './use-principals.ts'

/** Users and groups by name, linked to their pages for those who may open them. */
export function PrincipalNames({ principals, none }: { principals: readonly PrincipalRef[]; none: string }) {
  const { role } = useRead(api.me())
  if (principals.length === 0) return <span className={classes.quiet}>{none}</span>
  return (
    <ul className={classes.names}>
      {principals.map(({ id, name, kind, active }) => (
        <li key={id}>
          {role === 'admin' && /^(?:usr|grp)_/.test(id) ? (
            <TextLink to={kind === 'user' ? pb.user(id) : pb.group(id)}>{name}</TextLink>
          ) : (
            name
          )}
          {!active && <span className={classes.quiet}> (deactivated)</span>}
        </li>
      ))}
    </ul>
  )
}

/** The same for ids. Those that are gone are counted. */
export function PrincipalIdNames({ ids, none }: { ids: readonly string[]; none: string }) {
  const known = usePrincipals(ids)
  const principals = ids.flatMap((id) => known.get(id) ?? [])
  return <PrincipalNames principals={principals} none={ids.length === 0 ? none : '…'} />
}
