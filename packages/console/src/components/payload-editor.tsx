import { Button, Textarea } from '@mantine/core'
import { Fold } from '../ui/fold.tsx'
import classes from './test-panel.module.css'

type Props = { text: string; error: string | null; onChange: (text: string) => void; onReset?: () => void }

/** The payload as text, folded away until somebody wants to change it. */
export function PayloadEditor({ text, error, onChange, onReset }: Props) {
  return (
    <Fold
      className={classes.details}
      summary={onReset ? 'Payload (changed)' : 'Payload: the complete example'}
      forceOpen={error !== null}
    >
      <div className={classes.editor}>
        <Textarea
          aria-label="Payload"
          value={text}
          error={error}
          onChange={(event) => onChange(event.currentTarget.value)}
          rows={16}
          resize="vertical"
          spellCheck={false}
          classNames={{ input: classes.mono ?? '' }}
        />
        {onReset && (
          <Button variant="subtle" size="compact-sm" mt={6} onClick={onReset}>
            Reset to the example
          </Button>
        )}
      </div>
    </Fold>
  )
}
