import { Anchor, Textarea } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './form-sections.module.css'

type Props = {
  label: string
  description: string
  placeholder?: string
  value: string
  onChange: (value: string) => void
  error?: ReactNode
}

/** An expression in CEL. What is wrong with it is said with its place, line and column. */
export function CelField({ label, description, placeholder, value, onChange, error }: Props) {
  return (
    <Textarea
      label={label}
      description={
        <>
          {description}{' '}
          <Anchor href="/docs/conditions" inherit>
            Examples
          </Anchor>
        </>
      }
      placeholder={placeholder}
      rows={2}
      autosize
      minRows={2}
      maxRows={10}
      spellCheck={false}
      classNames={{ input: classes.mono ?? '' }}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
    />
  )
}
