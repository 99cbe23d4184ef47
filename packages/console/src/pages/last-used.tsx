import type { LastUsedImportResult } from '@keyhook/contract/api/last-used.ts'
import { Anchor, Button, Checkbox, Loader } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ImportCounts } from '../components/import-counts.tsx'
import { ImportErrors } from '../components/import-errors.tsx'
import { ImportFile } from '../forms/import-file.tsx'
import { importProblem } from '../forms/import-problem.ts'
import { lifecycleActions } from '../lifecycle-api.ts'
import { pb, serverPages } from '../path-builder.ts'
import { invalidate } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { TextLink } from '../ui/links.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import classes from './user-import.module.css'

const template = {
  name: 'last-used.csv',
  text: 'user_email,app,permission,last_used_at\r\nada@example.com,billing,Reader,2026-01-31T12:00:00Z\r\n',
}

function countsOf(result: LastUsedImportResult): [string, number][] {
  return [
    ['Rows', result.rows],
    ['Later than known', result.updated],
    ['As late as known', result.unchanged],
    ['Passed over', result.ignored],
    ['Not removed after all', result.notices_cancelled],
  ]
}

/** When access was used last, from a file: what decides about access that is not used. */
export function LastUsedPage() {
  const [file, setFile] = useState<File | null>(null)
  const [ignoreUnknown, setIgnoreUnknown] = useState(false)
  const previewing = useMutation({
    mutationFn: (options: { csv: File; ignore: boolean }) =>
      lifecycleActions.lastUsedImport(options.csv, { dryRun: true, ignoreUnknown: options.ignore }),
  })
  const importing = useMutation({
    mutationFn: (csv: File) => lifecycleActions.lastUsedImport(csv, { dryRun: false, ignoreUnknown }),
    onSuccess: () => invalidate('/grants'),
  })

  function preview(csv: File | null, ignore: boolean) {
    setFile(csv)
    setIgnoreUnknown(ignore)
    importing.reset()
    previewing.reset()
    if (csv) previewing.mutate({ csv, ignore })
  }
  const result = importing.data ?? previewing.data
  const done = importing.data !== undefined && importing.data.wrong === 0

  return (
    <>
      <PageHeader
        title="Import last use"
        lead={
          <>
            When access was used last, from a file of your apps. Apps can be set to take away what is not
            used. Programs report it by the <Anchor href={serverPages.apiDocs}>API</Anchor>.
          </>
        }
        back={<TextLink to={pb.grants()}>← Who has access</TextLink>}
      />
      <div className={classes.stack} aria-live="polite">
        <Card>
          <div className={classes.stack}>
            <ImportFile
              value={file}
              onChange={(csv) => preview(csv, ignoreUnknown)}
              template={template}
              description="The first row names the columns: user_email, app, permission, last_used_at; or grant_id, last_used_at."
              error={importProblem(importing.error ?? previewing.error)}
            />
            <Checkbox
              label="Pass over rows about nobody and nothing here"
              description="Otherwise such a row is wrong, and nothing is stored."
              checked={ignoreUnknown}
              onChange={(event) => preview(file, event.currentTarget.checked)}
            />
          </div>
        </Card>
        {previewing.isPending && (
          <Card>
            <p className={classes.busy}>
              <Loader size={18} /> Reading {file?.name}…
            </p>
          </Card>
        )}
        {result && (
          <Card title={result.dry_run ? 'What would happen' : 'What was done'}>
            <div className={classes.stack}>
              <ImportCounts label="Counts" counts={countsOf(result)} />
              <ImportErrors errors={result.errors} wrong={result.wrong} />
            </div>
          </Card>
        )}
        {done && <Notice tone="good" title="The last uses are stored." />}
        {!done && result && result.wrong === 0 && file && (
          <div className={classes.buttons}>
            <Button
              loading={importing.isPending}
              disabled={result.updated === 0}
              onClick={() => importing.mutate(file)}
            >
              {result.updated === 0
                ? 'Nothing to store'
                : `Store ${result.updated.toLocaleString('en')} ${result.updated === 1 ? 'last use' : 'last uses'}`}
            </Button>
            <Button
              variant="default"
              disabled={importing.isPending}
              onClick={() => preview(null, ignoreUnknown)}
            >
              Cancel
            </Button>
          </div>
        )}
      </div>
    </>
  )
}
