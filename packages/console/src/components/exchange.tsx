import type { AttemptRead } from '@keyhook/contract/api/delivery.ts'
import { Title } from '@mantine/core'
import { CodeBlock } from '../ui/code-block.tsx'
import classes from './exchange.module.css'
import { HeaderLines } from './header-lines.tsx'
import { storedBodyText } from './stored-body.ts'

function Sent({ attempt }: { attempt: AttemptRead }) {
  const { method, url, headers, body } = attempt.request
  return (
    <section className={classes.side} aria-label="What was sent">
      <Title order={3}>What was sent</Title>
      <p className={classes.line}>
        <b>{method}</b> {url}
      </p>
      <HeaderLines label="Headers" headers={headers} />
      <CodeBlock label="request body" text={body} />
    </section>
  )
}

function CameBack({ attempt }: { attempt: AttemptRead }) {
  const { response } = attempt
  if (response === null) {
    return (
      <section className={classes.side} aria-label="What came back">
        <Title order={3}>What came back</Title>
        <CodeBlock label="response body" text="" emptyText="No answer came." />
      </section>
    )
  }
  return (
    <section className={classes.side} aria-label="What came back">
      <Title order={3}>What came back</Title>
      <p className={classes.line}>
        <b>HTTP {response.status}</b> {response.body_bytes.toLocaleString('en')} bytes
      </p>
      <HeaderLines label="Headers" headers={response.headers} />
      <CodeBlock label="response body" text={response.body} emptyText="The body was empty." />
      {response.truncated && <p className={classes.note}>{storedBodyText}</p>}
    </section>
  )
}

/** One attempt's request and response: side by side where there is room, else one under the other. */
export function Exchange({ attempt }: { attempt: AttemptRead }) {
  return (
    <div className={classes.container}>
      <div className={classes.sides}>
        <Sent attempt={attempt} />
        <CameBack attempt={attempt} />
      </div>
    </div>
  )
}
