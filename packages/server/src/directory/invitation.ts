/** Inviting a user, and what the user does with the link. */
import type { InvitationAccept, InvitationCreated, InvitationRead } from '@keyhook/contract/api/invitation.ts'
import type { Transaction } from 'kysely'
import { hasAccount, hashPassword, writeAccount } from '../auth/account.ts'
import type { Auth } from '../auth/auth.ts'
import { endSessions } from '../auth/session-ends.ts'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import type { IdempotencyKey } from '../http/idempotency.ts'
import { takeKey } from '../http/make-once.ts'
import { notFound, ProblemError } from '../lib/problem-error.ts'
import { findInvitation, insertInvitation, takeInvitation } from './invitation-store.ts'
import { nameOf, type UserRow, userTarget } from './user.ts'
import { findUser, findUserForChange } from './user-store.ts'

/** What a mail to the user needs. `hasAccount`: it is about a new password. The link must be kept like a password. */
export type InvitationMail = {
  user: UserRow
  url: string
  expiresAt: Date
  hasAccount: boolean
  actor: Actor
}

/** Puts a mail on its way in the transaction of the invitation; false when no mail is set up. */
export type OnInvited = (tx: Transaction<Tables>, now: number, mail: InvitationMail) => Promise<boolean>

/** Throws `not_found`, `user_inactive` for who was deactivated, and `user_exists` for who shares another user's address. */
export function inviteUser(
  ctx: Context,
  userId: string,
  { actor, key }: { actor: Actor; key: IdempotencyKey | null },
  onInvited: OnInvited,
): Promise<InvitationCreated> {
  return ctx.db.transaction().execute(async (tx) => {
    const now = ctx.clock()
    const user = await findUserForChange(tx, userId)
    if (!user) throw notFound('user')
    if (user.status === 'inactive')
      throw new ProblemError('user_inactive', 'Activate the user first; then invite.')
    if (user.email_shared) {
      throw new ProblemError(
        'user_exists',
        'Another user has this address, and people sign in by their address: give this user one of their own.',
      )
    }
    const createdBy = 'id' in actor ? actor.id : actor.type
    const { token, expiresAt } = await insertInvitation(tx, now, { userId, createdBy })
    await appendEvents(tx, now, [
      {
        type: 'DIRECTORY_INVITED_USER',
        actor,
        targets: [userTarget(user)],
        metadata: { expires_at: expiresAt.toISOString() },
      },
    ])
    const url = `${ctx.baseUrl()}/invitation#token=${token}`
    const mail = { user, url, expiresAt, hasAccount: await hasAccount(tx, userId), actor }
    const mailed = await onInvited(tx, now, mail)
    const made = { url, expires_at: expiresAt.toISOString(), mailed }
    await takeKey(ctx, tx, key, { id: userId, secret: JSON.stringify(made) })
    return made
  })
}

/** Throws `invitation_invalid`. */
export async function readInvitation(ctx: Context, token: string): Promise<InvitationRead> {
  const invitation = await findInvitation(ctx.db, ctx.clock(), token)
  const user = invitation && (await findUser(ctx.db, invitation.userId))
  if (!invitation || user?.status !== 'active') throw invitationInvalid()
  return {
    email: user.email,
    name: nameOf(user),
    has_account: await hasAccount(ctx.db, user.id),
    expires_at: invitation.expiresAt.toISOString(),
  }
}

/**
 * Makes the account of the user, or gives it a new password; sessions of before end. Of two that come at once one wins.
 * Throws `invitation_invalid`.
 */
export async function acceptInvitation(
  ctx: Context,
  auth: Auth,
  { token, password }: InvitationAccept,
): Promise<UserRow> {
  // Only who has a valid token makes the server compute the slow hash.
  await readInvitation(ctx, token)
  const passwordHash = await hashPassword(auth, password)
  return ctx.db.transaction().execute(async (tx) => {
    const now = ctx.clock()
    const userId = await takeInvitation(tx, now, token)
    const user = userId === null ? null : await findUserForChange(tx, userId)
    if (user?.status !== 'active' || user.email_shared) throw invitationInvalid()
    const { id, email, given_name, family_name } = user
    await writeAccount(tx, now, { id, email, name: nameOf(user), passwordHash })
    const actor: Actor = { type: 'USER', id, email, given_name, family_name }
    await appendEvents(tx, now, [
      { type: 'DIRECTORY_ACCEPTED_INVITATION', actor, targets: [userTarget(user)] },
    ])
    await endSessions(tx, now, [id], { actor, reason: 'invitation_accepted' })
    return user
  })
}

function invitationInvalid(): ProblemError {
  return new ProblemError(
    'invitation_invalid',
    'The link was used already, is too old, or was replaced by a newer one. Ask an administrator for a new one.',
  )
}
