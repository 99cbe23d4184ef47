import { ActionIcon, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch, IconX } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import classes from './search-box.module.css'

type Props = { label: string; placeholder: string; q: string | undefined; className?: string | undefined }

const debounceMs = 250

/** Searches the list of this page: it writes `q` into the address when one pauses, and follows it when one goes back. */
export function SearchBox({ label, placeholder, q = '', className }: Props) {
  const router = useRouter()
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(q)
  const sent = useRef(q)
  const search = useDebouncedCallback((text: string) => {
    sent.current = text.trim()
    void router.navigate({
      to: '.',
      search: (kept: object) => ({ ...kept, q: sent.current || undefined, cursor: undefined }),
      replace: true,
      resetScroll: false,
    })
  }, debounceMs)

  useEffect(() => {
    if (q === sent.current) return
    sent.current = q
    setTyped(q)
  }, [q])

  function change(text: string) {
    setTyped(text)
    search(text)
  }

  return (
    <TextInput
      ref={input}
      type="search"
      aria-label={label}
      placeholder={placeholder}
      classNames={{ root: className ?? '', input: classes.input ?? '' }}
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      leftSection={<IconSearch size={17} aria-hidden="true" />}
      rightSection={
        typed !== '' && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Clear the search"
            onClick={() => {
              change('')
              input.current?.focus()
            }}
          >
            <IconX size={16} />
          </ActionIcon>
        )
      }
    />
  )
}
