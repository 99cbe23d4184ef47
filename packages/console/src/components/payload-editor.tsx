import { Button, Textarea } from '@mantine/core'
import classes from './test-panel.module.css'

type Props = { text: string; error: string | null; onChange: (text: string) => void; onReset?: () => void }

/** The payload as text, folded away until somebody wants to change it. */
export function PayloadEditor({ text, error, onChange, onReset }: Props) {
  return (
    <details className={classes.details} {...(error ? { open: true } : {})}>
      <summary>Payload{onReset ? ' (changed)' : ': the complete example'}</summary>
      <div className={classes.editor}>
        <Textarea
          aria-label="Payload"
          value={text}
          error={error}
          onChange={(event) => onChange(event.currentTarget.value)}
          autosize
          minRows={8}
          maxRows={22}
          spellCheck={false}
          classNames={{ input: classes.mono ?? '' }}
        />
        {onReset && (
          <Button variant="subtle" size="compact-sm" mt={6} onClick={onReset}>
            Reset to the example
          </Button>
        )}
      </div>
    </details>
  )
}
