import type { SandboxRead } from '@keyhook/contract/api/sandbox.ts'
import { pb } from '../path-builder.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { Prose } from '../ui/prose.tsx'
import classes from './sandbox-behaviours.module.css'

/** How the sandbox can answer: what that is, its endpoint URL, and a way to use it. */
export function SandboxBehaviours({ behaviours }: { behaviours: SandboxRead['behaviours'] }) {
  return (
    <ul className={classes.list}>
      {behaviours.map(({ id, label, description, endpoint_url }) => (
        <li key={id} className={classes.item}>
          <div className={classes.words}>
            <b>
              <Prose text={label} />
            </b>
            <p>
              <Prose text={description} />
            </p>
          </div>
          <ButtonLink
            className={classes.use ?? ''}
            variant="default"
            size="xs"
            to={pb.webhookNew()}
            search={{ endpoint_url }}
            aria-label={`Use in a new webhook: ${label}`}
          >
            Use in a new webhook
          </ButtonLink>
          <div className={classes.address}>
            <code>{endpoint_url}</code>
            <CopyButton value={endpoint_url} label={`Copy endpoint URL: ${label}`} />
          </div>
        </li>
      ))}
    </ul>
  )
}
