/** Accounts: how a user of the directory signs in with a password. The account has the id of its user. */
import type { Auth } from './auth.ts'

type NewAccount = { id: string; name: string; email: string; plain: string }

/** Makes the account of a user, in one transaction, so that a crash leaves no half. */
export async function createAccount(auth: Auth, { id, name, email, plain }: NewAccount): Promise<void> {
  const { adapter, password } = await auth.$context
  const hashed = await password.hash(plain)
  const now = new Date()
  const dates = { createdAt: now, updatedAt: now }
  await adapter.transaction(async (tx) => {
    const person = { id, name, email: email.toLowerCase(), emailVerified: true, ...dates }
    await tx.create<typeof person, { id: string }>({ model: 'user', data: person, forceAllowId: true })
    await tx.create({
      model: 'account',
      // What sign-in with a password looks for.
      data: { userId: id, accountId: id, providerId: 'credential', password: hashed, ...dates },
    })
  })
}
