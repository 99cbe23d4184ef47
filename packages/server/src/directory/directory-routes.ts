import type { FastifyPluginAsync } from 'fastify'
import type { Authenticator } from '../auth/authenticate.ts'
import type { Context } from '../context.ts'
import { groupMemberRoutes } from './group-member-routes.ts'
import { groupRoutes } from './group-routes.ts'
import { importRoutes } from './import-routes.ts'
import type { OnInvited } from './invitation.ts'
import { invitationRoutes } from './invitation-routes.ts'
import { passwordRoutes } from './password-routes.ts'
import { peopleRoutes } from './people-routes.ts'
import { userRoutes } from './user-routes.ts'

/** What other parts do when something happens in the directory. */
export type DirectoryHooks = { onInvited: OnInvited }

/** Users, groups, invitations and passwords. */
export function directoryRoutes(
  ctx: Context,
  authenticator: Authenticator,
  { onInvited }: DirectoryHooks,
): FastifyPluginAsync {
  return async (app) => {
    await app.register(userRoutes(ctx))
    await app.register(importRoutes(ctx))
    await app.register(peopleRoutes(ctx))
    await app.register(groupRoutes(ctx))
    await app.register(groupMemberRoutes(ctx))
    await app.register(invitationRoutes(ctx, authenticator, onInvited))
    await app.register(passwordRoutes(ctx, authenticator))
  }
}
