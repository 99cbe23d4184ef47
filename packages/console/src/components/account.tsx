import { Button } from '@mantine/core'
import { IconLogout } from '@tabler/icons-react'
import { Link, useRouter } from '@tanstack/react-router'
import { actions, api } from '../api.ts'
import { sentenceOf } from '../api-error.ts'
import { pb } from '../path-builder.ts'
import { queryClient, useRead } from '../query.ts'
import { toastError } from '../ui/toast.ts'
import classes from './account.module.css'
import { SchemeToggle } from './scheme-toggle.tsx'

/** Who is signed in, the colour scheme, and the way out. */
export function Account() {
  const router = useRouter()
  const me = useRead(api.me())

  async function signOut() {
    try {
      await actions.signOut()
      await router.navigate({ to: pb.signIn() })
      queryClient.clear()
    } catch (error) {
      toastError(sentenceOf(error))
    }
  }

  return (
    <div className={classes.account}>
      <SchemeToggle />
      <Link to={pb.account()} className={classes.person ?? ''} title="My account">
        <span className={classes.name}>{me.name}</span>
        {me.email && <span className={classes.email}>{me.email}</span>}
      </Link>
      <Button
        variant="default"
        size="xs"
        fullWidth
        leftSection={<IconLogout size={15} />}
        onClick={() => void signOut()}
      >
        Sign out
      </Button>
    </div>
  )
}
