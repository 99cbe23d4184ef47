import { ActionIcon } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import classes from './move-buttons.module.css'

type Direction = 'up' | 'down'
type Props = {
  /** What is moved, as the buttons name it: `step 2`. */
  what: string
  index: number
  count: number
  onMove: (to: number) => void
  disabled?: boolean
}

/** Moves an item of a list by one place, by keyboard as well: the focus stays with the item that was moved. */
export function MoveButtons({ what, index, count, onMove, disabled = false }: Props) {
  const up = useRef<HTMLButtonElement>(null)
  const down = useRef<HTMLButtonElement>(null)
  const asked = useRef<Direction | null>(null)

  // A button that is moved in the page loses the focus, and so does one at the end of its way, which is disabled.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is about the moment at which the place changes.
  useEffect(() => {
    if (asked.current === null) return
    const [first, second] = asked.current === 'up' ? [up, down] : [down, up]
    asked.current = null
    if (first.current?.disabled === false) first.current.focus()
    else second.current?.focus()
  }, [index])

  function move(direction: Direction) {
    asked.current = direction
    onMove(direction === 'up' ? index - 1 : index + 1)
  }
  const common = { variant: 'subtle', color: 'gray', size: 32 } as const

  return (
    <span className={classes.buttons}>
      <ActionIcon
        ref={up}
        {...common}
        aria-label={`Move ${what} up`}
        disabled={disabled || index === 0}
        onClick={() => move('up')}
      >
        <IconArrowUp size={16} />
      </ActionIcon>
      <ActionIcon
        ref={down}
        {...common}
        aria-label={`Move ${what} down`}
        disabled={disabled || index === count - 1}
        onClick={() => move('down')}
      >
        <IconArrowDown size={16} />
      </ActionIcon>
    </span>
  )
}
