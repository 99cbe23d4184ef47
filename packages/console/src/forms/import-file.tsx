import { Button, FileInput } from '@mantine/core'
import { IconDownload, IconFileTypeCsv } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './import-file.module.css'

type Props = {
  value: File | null
  onChange: (file: File | null) => void
  description: ReactNode
  /** A small file that shows the columns, made here. */
  template: { name: string; text: string }
  error?: ReactNode
}

/** Chooses a CSV file, or downloads one to start from. */
export function ImportFile({ value, onChange, description, template, error }: Props) {
  function download() {
    const url = URL.createObjectURL(new Blob([template.text], { type: 'text/csv' }))
    const link = document.createElement('a')
    link.href = url
    link.download = template.name
    link.click()
    URL.revokeObjectURL(url)
  }

  return (
    <div className={classes.file}>
      <FileInput
        label="CSV file"
        description={description}
        placeholder="Choose a file"
        accept=".csv,text/csv"
        leftSection={<IconFileTypeCsv size={17} aria-hidden="true" />}
        clearable
        clearButtonProps={{ 'aria-label': 'Remove the file' }}
        value={value}
        onChange={onChange}
        error={error}
      />
      <Button variant="subtle" size="xs" leftSection={<IconDownload size={15} />} onClick={download}>
        Download a template
      </Button>
    </div>
  )
}
