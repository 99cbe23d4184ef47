import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentPropsWithRef } from 'react'

type NativeAnchor<Own> = Own & Omit<ComponentPropsWithRef<'a'>, keyof Own>

/** A link inside the console that looks like a link. */
export const TextLink = createLink((props: NativeAnchor<AnchorProps>) => (
  <Anchor inherit={props.size === undefined} {...props} />
))

/** A link inside the console that looks like a button. */
export const ButtonLink = createLink((props: NativeAnchor<ButtonProps>) => (
  <Button component="a" {...props} />
))
