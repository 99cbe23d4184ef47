import type { ImportReport } from '@keyhook/contract/api/user-import.ts'
import { importColumns } from '@keyhook/contract/directory-words.ts'
import { Button, Loader } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ImportCounts } from '../components/import-counts.tsx'
import { ImportErrors } from '../components/import-errors.tsx'
import { directoryActions } from '../directory-api.ts'
import { ImportFile } from '../forms/import-file.tsx'
import { importProblem } from '../forms/import-problem.ts'
import { pb } from '../path-builder.ts'
import { invalidate } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import classes from './user-import.module.css'

const template = {
  name: 'users.csv',
  text: [
    importColumns.join(','),
    'grace@example.com,,Grace,Hopper,Rear Admiral,Engineering,,active,Engineering',
    'ada@example.com,,Ada,Lovelace,Analyst,Research,grace@example.com,active,"Engineering;Research"',
    '',
  ].join('\r\n'),
}

function countsOf(report: ImportReport): [string, number][] {
  return [
    ['Rows', report.rows],
    ['New users', report.create],
    ['Changed', report.change],
    ['Unchanged', report.unchanged],
    ['Deactivated', report.deactivate],
    ['Activated again', report.reactivate],
    ['Added to groups', report.memberships_added],
    ['Removed from groups', report.memberships_removed],
  ]
}

function Preview({ report }: { report: ImportReport }) {
  return (
    <Card title={report.dry_run ? 'What would happen' : 'What was done'}>
      <div className={classes.stack}>
        <ImportCounts label="Counts" counts={countsOf(report)} />
        {report.groups.length > 0 && (
          <p className={classes.text}>
            New groups: {report.groups.join(', ')}
            {report.groups.length === 100 && ' and more'}
          </p>
        )}
        {report.dry_run && report.deactivate > 0 && (
          <Notice
            tone="warn"
            title={
              report.deactivate === 1
                ? 'One user would be deactivated.'
                : `${report.deactivate.toLocaleString('en')} users would be deactivated.`
            }
          >
            They are signed out at once, and all their access is removed.
          </Notice>
        )}
        <ImportErrors errors={report.errors} wrong={report.wrong} />
      </div>
    </Card>
  )
}

export function UserImportPage() {
  const [file, setFile] = useState<File | null>(null)
  const previewing = useMutation({ mutationFn: (csv: File) => directoryActions.userImport(csv, true) })
  const importing = useMutation({
    mutationFn: (csv: File) => directoryActions.userImport(csv, false),
    onSuccess: () => Promise.all(['/users', '/groups', '/principals'].map(invalidate)),
  })

  function choose(chosen: File | null) {
    setFile(chosen)
    importing.reset()
    previewing.reset()
    if (chosen) previewing.mutate(chosen)
  }
  const report = importing.data ?? previewing.data
  const done = importing.data !== undefined && importing.data.wrong === 0
  const problem = importProblem(importing.error ?? previewing.error)
  const count = report ? report.create + report.change : 0

  return (
    <>
      <PageHeader
        title="Import users"
        lead="A CSV file with a row for each user. All of it is taken, or nothing."
        back={<TextLink to={pb.users()}>← Users</TextLink>}
      />
      <div className={classes.stack} aria-live="polite">
        <Card>
          <ImportFile
            value={file}
            onChange={choose}
            template={template}
            description="The first row names the columns; only email is needed. Users who are not in the file stay as they are."
            error={problem}
          />
        </Card>
        {previewing.isPending && (
          <Card>
            <p className={classes.busy}>
              <Loader size={18} /> Reading {file?.name}…
            </p>
          </Card>
        )}
        {report && <Preview report={report} />}
        {done ? (
          <Notice
            tone="good"
            title="The import is done."
            action={
              <ButtonLink size="xs" to={pb.users()}>
                Go to Users
              </ButtonLink>
            }
          />
        ) : (
          report &&
          report.wrong === 0 &&
          file && (
            <div className={classes.buttons}>
              <Button
                loading={importing.isPending}
                disabled={count === 0}
                onClick={() => importing.mutate(file)}
              >
                {count === 0
                  ? 'Nothing to import'
                  : `Import ${count.toLocaleString('en')} ${count === 1 ? 'user' : 'users'}`}
              </Button>
              <Button variant="default" disabled={importing.isPending} onClick={() => choose(null)}>
                Cancel
              </Button>
            </div>
          )
        )}
      </div>
    </>
  )
}
