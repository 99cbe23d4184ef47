import { accountApi } from '../account-api.ts'
import { api } from '../api.ts'
import { NoticePreferenceForm } from '../forms/notice-preference-form.tsx'
import { PasswordForm } from '../forms/password-form.tsx'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { Facts } from '../ui/facts.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import layout from './my-access.module.css'

/** Who the reader is here, and what is theirs to set. */
export function AccountPage() {
  const { name, email, role } = useRead(api.me())
  const preferences = useRead(accountApi.noticePreferences())
  return (
    <>
      <PageHeader title="My account" lead="Your name comes from your company’s directory." />
      <div className={layout.stack}>
        <Card title="You">
          <Facts
            items={[
              ['Name', name],
              ['E-mail', email ?? ''],
              ...(role === 'admin' ? [['May do', 'Everything: you are an administrator'] as const] : []),
            ]}
          />
        </Card>
        <Card title="What you are told, and how">
          <NoticePreferenceForm saved={preferences} />
        </Card>
        <Card title="Password">
          <PasswordForm email={email ?? ''} />
        </Card>
      </div>
    </>
  )
}
