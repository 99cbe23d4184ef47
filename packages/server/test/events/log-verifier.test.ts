/** Every way to tamper with the log is seen, and the first bad entry named. */
import { randomBytes } from 'node:crypto'
import type { LogCheckpoint } from '@keyhook/contract/api/event.ts'
import { formatSigningPublicKey, newSigningKeyPair } from '@keyhook/contract/signing-key-pair.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { signCheckpoint } from '../../src/events/checkpoint.ts'
import { genesis, hashEntry } from '../../src/events/event-chain.ts'
import { createLogVerifier, type VerifiedEntry, type VerifyOptions } from '../../src/events/log-verifier.ts'

const key = randomBytes(32)
const pair = newSigningKeyPair()
const publicKey = formatSigningPublicKey(pair.publicKey)
const options: VerifyOptions = { key, publicKey }

function chain(count: number, metadata: (position: number) => unknown = (position) => ({ n: position })) {
  const entries: VerifiedEntry[] = []
  let hash = genesis.hash
  for (let position = 1; position <= count; position++) {
    const entry = {
      position,
      id: `evt_${position}`,
      logged_at: new Date(1_800_000_000_000 + position).toISOString(),
      access_request_id: null,
      app_id: null,
      event: {
        actor: { actor_type: 'SYSTEM', actor_data: {} },
        event_type: 'CUSTOM_X',
        label: null,
        event_began_at: '2026-01-01T00:00:00.000Z',
        event_metadata: metadata(position),
        outcome: 'SUCCEEDED',
        targets: [],
      },
    }
    hash = hashEntry(key, hash, entry)
    entries.push({ ...entry, event: { ...entry.event, event_hash: hash } })
  }
  return entries
}

function checkpointAt(entries: VerifiedEntry[], count: number): LogCheckpoint {
  const head = entries[count - 1]?.event.event_hash ?? genesis.hash
  return signCheckpoint(pair.privateKey, {
    count,
    head,
    time: '2026-01-02T00:00:00.000Z',
    public_key: publicKey,
  })
}

function verify(entries: readonly VerifiedEntry[], more: Partial<VerifyOptions> = {}) {
  const verifier = createLogVerifier({ ...options, ...more })
  for (const entry of entries) verifier.add(entry)
  return verifier.end()
}

const whole = chain(20)
const at = (position: number) => whole[position - 1] as VerifiedEntry

test('an untouched log holds, with the checkpoints that it meets', () => {
  expect(verify(whole, { checkpoints: [checkpointAt(whole, 7), checkpointAt(whole, 20)] })).toMatchObject({
    checked: 20,
    first: 1,
    last: 20,
    checkpoints: 2,
    problem: null,
  })
})

describe('seen', () => {
  const changed = { ...at(8), event: { ...at(8).event, event_metadata: { n: 9 } } }
  test.each<[string, VerifiedEntry[], number]>([
    ['a change', whole.with(7, changed), 8],
    ['a deletion in the middle', whole.toSpliced(7, 1), 8],
    ['two that changed places', whole.with(7, at(9)).with(8, at(8)), 8],
    ['an entry that is there twice', whole.toSpliced(8, 0, at(8)), 8],
    ['an entry put in', whole.toSpliced(8, 0, { ...at(9), id: 'evt_forged' }), 9],
    [
      'a change of one hash',
      whole.with(7, { ...at(8), event: { ...at(8).event, event_hash: '0'.repeat(128) } }),
      8,
    ],
    ['the beginning cut off', whole.slice(3), 1],
  ])('%s', (_name, entries, position) => {
    expect(verify(entries).problem).toMatchObject({ position })
  })

  test('the tail cut off, by a checkpoint from outside', () => {
    expect(verify(whole.slice(0, 15)).problem).toBeNull()
    expect(verify(whole.slice(0, 15), { checkpoints: [checkpointAt(whole, 18)] }).problem).toMatchObject({
      position: 16,
    })
  })

  test('everything deleted', () => {
    expect(verify([], { checkpoints: [checkpointAt(whole, 18)] }).problem).toMatchObject({ position: 1 })
  })

  test('an old backup that was restored and written on', () => {
    const restored = [...whole.slice(0, 10), ...chain(20, (n) => ({ n: n > 10 ? -n : n })).slice(10)]
    expect(verify(restored).problem).toBeNull()
    expect(verify(restored, { checkpoints: [checkpointAt(whole, 15)] }).problem).toMatchObject({
      position: 15,
    })
  })

  test('a log made anew without the key', () => {
    const other = createLogVerifier({ ...options, key: randomBytes(32) })
    other.add(at(1))
    expect(other.end().problem).toMatchObject({ position: 1 })
  })

  test('a checkpoint that was changed, and one that somebody else signed', () => {
    const checkpoint = checkpointAt(whole, 7)
    expect(verify(whole, { checkpoints: [{ ...checkpoint, count: 6 }] }).problem).not.toBeNull()
    const stranger = newSigningKeyPair()
    const { signature: _, ...said } = checkpoint
    expect(verify(whole, { checkpoints: [signCheckpoint(stranger.privateKey, said)] }).problem).not.toBeNull()
  })

  test('two checkpoints that contradict each other', () => {
    const fork = chain(20, (n) => ({ fork: n }))
    const checkpoints = [checkpointAt(whole, 7), checkpointAt(fork, 7)]
    expect(verify(whole, { checkpoints }).problem).toMatchObject({ position: 7 })
  })

  test('an end before what was asked for', () => {
    expect(verify(whole.slice(0, 10), { to: 12 }).problem).toMatchObject({ position: 11 })
  })
})

test('a part is checked from where its beginning is known', () => {
  const after = { position: 5, hash: at(5).event.event_hash }
  expect(verify(whole.slice(5), { after })).toMatchObject({ checked: 15, first: 6, problem: null })
  expect(
    verify(whole.slice(5), { after: { position: 5, hash: at(4).event.event_hash } }).problem,
  ).not.toBeNull()
})

test('any single change of any entry is seen', () => {
  const values = fc
    .jsonValue({ noUnicodeString: false })
    .filter((value) => JSON.stringify(value)?.isWellFormed())
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), values, (position, value) => {
      const entry = at(position)
      if (JSON.stringify(entry.event.event_metadata) === JSON.stringify(value)) return
      const tampered = { ...entry, event: { ...entry.event, event_metadata: value } }
      expect(verify(whole.with(position - 1, tampered)).problem).toMatchObject({ position })
    }),
  )
})

describe('a log whose beginning was dropped', () => {
  const rest = whole.slice(5)
  const after = { position: 5, hash: at(5).event.event_hash }
  const { signature: _, ...said } = checkpointAt(whole, 5)
  const sign = (more: Partial<LogCheckpoint>) => signCheckpoint(pair.privateKey, { ...said, ...more })
  const cut = sign({ first_position: 6 })

  test('holds when a signed checkpoint says so', () => {
    expect(verify(rest, { after, cut })).toMatchObject({
      checked: 15,
      begins: { position: 6, since: said.time },
      problem: null,
    })
  })

  test.each<[string, LogCheckpoint | null]>([
    ['nothing says so', null],
    ['an ordinary checkpoint is all there is', checkpointAt(whole, 5)],
    ['less was to be cut', sign({ count: 4, head: at(4).event.event_hash, first_position: 5 })],
    ['the checkpoint contradicts itself', sign({ first_position: 7 })],
    ['the checkpoint was changed', { ...checkpointAt(whole, 5), first_position: 6 }],
  ])('does not hold when %s', (_name, cut) => {
    expect(verify(rest, { after, cut }).problem).toMatchObject({ position: 6 })
  })

  test('an archive holds from the checkpoint in front of it', () => {
    expect(verify(rest, { after: null, checkpoints: [cut] })).toMatchObject({ checked: 15, problem: null })
    const changed = { ...at(6), event: { ...at(6).event, event_metadata: { n: 0 } } }
    expect(verify(rest.with(0, changed), { after: null, checkpoints: [cut] }).problem).toMatchObject({
      position: 6,
    })
  })
})
