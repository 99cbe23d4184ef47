import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { noticeApi } from '../notice-api.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import classes from './notice-preview.module.css'

type Way = 'mail' | 'text' | 'chat'
const ways = [
  { value: 'mail', label: 'Mail' },
  { value: 'text', label: 'As text' },
  { value: 'chat', label: 'Chat' },
]

/** A notice as it is sent with the words that are saved, with an example in it. */
export function NoticePreview({ kind }: { kind: string }) {
  const [way, setWay] = useState<Way>('mail')
  const { subject, text, html, chat } = useRead(noticeApi.templatePreview(kind))
  return (
    <Card
      title="How it looks"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="How it is sent"
          data={ways}
          value={way}
          onChange={(value) => setWay(value as Way)}
        />
      }
    >
      {way !== 'chat' && <p className={classes.subject}>{subject}</p>}
      {way === 'mail' ? (
        // Without a single permission: no script of it runs, no link of it leads away, and nothing is sent.
        <iframe title="Preview of the mail" sandbox="" srcDoc={html} className={classes.mail} />
      ) : (
        <pre className={classes.text}>{way === 'text' ? text : chat}</pre>
      )}
      <p className={classes.hint}>An example, with the words that are saved.</p>
    </Card>
  )
}
