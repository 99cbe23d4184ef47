import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import { Facts } from '../ui/facts.tsx'
import { Day } from '../ui/when.tsx'
import { accessLengthText } from './access-length.ts'
import { answerWords } from './request-answers.ts'
import classes from './request-details.module.css'

type Fact = readonly [name: string, value: React.ReactNode]

/** What was asked for, by whom, and the answers that were given. */
export function RequestDetails({ request }: { request: AccessRequestRead }) {
  const { permissions, requester, target_user, access_length_seconds, custom_fields, created_at } = request
  const { business_justification, expires_at } = request
  const facts: Fact[] = [
    ['What', <Lines key="what" lines={permissions.map(({ label }) => label)} />],
    ['For', <Person key="for" {...target_user} />],
    ...(requester.id === target_user.id
      ? []
      : [['Asked for by', <Person key="by" {...requester} />] as const]),
    ['How long', accessLengthText(access_length_seconds)],
    ...(expires_at ? [['Ends', <Day key="ends" value={expires_at} />] as const] : []),
    ['Why', <Text key="why" text={business_justification} none="Not said" />],
    ...Object.entries(custom_fields ?? {}).map(
      ([label, answer]) => [label, <Text key={label} text={answerWords(answer)} none="No answer" />] as const,
    ),
    ['Sent', <Day key="sent" value={created_at} />],
  ]
  return <Facts items={facts} />
}

function Person({ name, email }: { name: string; email: string }) {
  return (
    <>
      {name}
      {email && email !== name && <div className={classes.quiet}>{email}</div>}
    </>
  )
}

function Lines({ lines }: { lines: readonly string[] }) {
  return lines.map((line) => (
    <div key={line} className={classes.strong}>
      {line}
    </div>
  ))
}

function Text({ text, none }: { text: string; none: string }) {
  if (text.trim() === '') return <span className={classes.quiet}>{none}</span>
  return <span className={classes.text}>{text}</span>
}
