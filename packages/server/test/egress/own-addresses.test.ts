import type { NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { expect, it } from 'vitest'
import { createOwnAddresses } from '../../src/egress/own-addresses.ts'

const card = (address: string, internal = false) => ({ address, internal }) as NetworkInterfaceInfo

it('are those of all cards but loopback, read again after a while', () => {
  let cards: ReturnType<typeof networkInterfaces> = {
    lo: [card('127.0.0.1', true)],
    eth0: [card('10.0.0.5')],
  }
  let reads = 0
  const read = () => {
    reads += 1
    return cards
  }
  const kept = createOwnAddresses(read, 60_000)
  const fresh = createOwnAddresses(read, 0)
  expect([kept(), fresh()]).toEqual([['10.0.0.5'], ['10.0.0.5']])
  cards = { ...cards, eth1: [card('198.100.0.1')] }
  expect([kept(), fresh()]).toEqual([['10.0.0.5'], ['10.0.0.5', '198.100.0.1']])
  expect(reads).toBe(3)
})
