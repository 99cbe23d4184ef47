import { ActionIcon, TextInput, type TextInputProps } from '@mantine/core'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { useState } from 'react'
import classes from './masked-input.module.css'

/**
 * A text field whose value is hidden as it is typed. Not a password field: browsers offer to keep what is
 * entered there, and a header value is not the reader's password.
 */
export function MaskedInput(props: TextInputProps) {
  const [shown, setShown] = useState(false)
  return (
    <TextInput
      autoComplete="off"
      spellCheck={false}
      autoCapitalize="off"
      data-1p-ignore
      data-lpignore="true"
      classNames={{ input: shown ? (classes.plain ?? '') : (classes.masked ?? '') }}
      rightSection={
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={shown ? 'Hide what is typed' : 'Show what is typed'}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? <IconEyeOff size={16} /> : <IconEye size={16} />}
        </ActionIcon>
      }
      {...props}
    />
  )
}
