import { passwordLength } from '@keyhook/contract/api/access.ts'
import { betterAuth } from 'better-auth'
import type { Context } from '../context.ts'
import { newId } from '../lib/ids.ts'

const daySeconds = 86_400

/**
 * Sign-in and sessions by better-auth, on our database and in our tables. Only the functions that the routes here call
 * are reachable: its own HTTP routes are not mounted.
 */
export function createAuth(ctx: Context, secret: string) {
  const baseURL = ctx.baseUrl()
  return betterAuth({
    appName: 'Keyhook',
    baseURL,
    basePath: '/api/auth',
    secret,
    trustedOrigins: [baseURL],
    database: { db: ctx.db, type: 'postgres', transaction: true },
    telemetry: { enabled: false },
    logger: { disabled: true },
    // Ours, at the routes themselves.
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
    },
    user: {
      modelName: 'auth_users',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    session: {
      modelName: 'auth_sessions',
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      // A session ends a week after it was last used, to the day.
      expiresIn: 7 * daySeconds,
      updateAge: daySeconds,
    },
    account: {
      modelName: 'auth_accounts',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'auth_verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    advanced: {
      cookiePrefix: 'keyhook',
      useSecureCookies: baseURL.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      ipAddress: { disableIpTracking: true },
      database: { generateId: () => newId('usr', ctx.clock()), validateSchema: false },
    },
  })
}

export type Auth = ReturnType<typeof createAuth>
