import { Button, Modal, Progress, SegmentedControl } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDownload } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { isAbort, sentenceOf } from '../api-error.ts'
import type { Search } from '../http.ts'
import { eventExportFile, logApi } from '../log-api.ts'
import { useSideRead } from '../query.ts'
import { Notice } from '../ui/notice.tsx'
import { toast } from '../ui/toast.ts'
import classes from './log-export.module.css'
import { saveFile } from './save-file.ts'

type Format = 'csv' | 'ndjson'
const formats = [
  { value: 'csv', label: 'CSV, for people' },
  { value: 'ndjson', label: 'NDJSON, for programs' },
]

/** The entries that the filters mean, as a file. */
export function LogExport({ filters }: { filters: Search }) {
  const [opened, dialog] = useDisclosure()
  return (
    <>
      <Button variant="default" leftSection={<IconDownload size={16} />} onClick={dialog.open}>
        Export
      </Button>
      <Modal opened={opened} onClose={dialog.close} title="Export the activity log">
        <ExportForm filters={filters} close={dialog.close} />
      </Modal>
    </>
  )
}

function ExportForm({ filters, close }: { filters: Search; close: () => void }) {
  const [format, setFormat] = useState<Format>('csv')
  const [lines, setLines] = useState<number | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const running = useRef<AbortController | null>(null)
  const total = useSideRead(logApi.eventCount(filters))?.count ?? null
  // The first line of CSV names the columns; the export itself is one more entry.
  const done = lines === null ? null : Math.max(0, format === 'csv' ? lines - 1 : lines)
  const share = done === null || total === null || total === 0 ? 0 : Math.min(100, (100 * done) / total)

  async function start() {
    running.current = new AbortController()
    setProblem(null)
    setLines(0)
    const name = `activity-log-${new Date().toISOString().slice(0, 10)}.${format}`
    try {
      const saved = await saveFile(eventExportFile({ ...filters, format }), name, {
        onLines: setLines,
        signal: running.current.signal,
      })
      if (saved) toast(`${name} is saved.`)
      if (saved) close()
    } catch (error) {
      if (!isAbort(error)) setProblem(sentenceOf(error))
    }
    running.current = null
    setLines(null)
  }

  return (
    <div className={classes.form}>
      <SegmentedControl
        fullWidth
        aria-label="Format"
        data={formats}
        value={format}
        onChange={(value) => setFormat(value as Format)}
        disabled={lines !== null}
      />
      <p className={classes.words} role="status">
        {done === null
          ? total === null
            ? 'Counting the entries…'
            : `${total.toLocaleString('en')} ${total === 1 ? 'entry' : 'entries'}, the oldest first. That it is exported becomes an entry too.`
          : `${done.toLocaleString('en')} of about ${(total ?? done).toLocaleString('en')} entries`}
      </p>
      {done !== null && <Progress value={share} aria-label="Progress of the export" />}
      {problem !== null && (
        <Notice tone="bad" title="The export was not finished">
          {problem} Nothing was saved.
        </Notice>
      )}
      <div className={classes.actions}>
        {lines === null ? (
          <Button onClick={() => void start()}>Save file</Button>
        ) : (
          <Button variant="default" onClick={() => running.current?.abort()}>
            Cancel export
          </Button>
        )}
      </div>
    </div>
  )
}
