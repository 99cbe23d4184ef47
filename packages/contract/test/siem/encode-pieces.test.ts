/** UTF-8 of pieces is that of the whole text. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodePieces } from '../../src/siem/encode-pieces.ts'

const none = { before: '', between: '', after: '' }

describe('encodePieces', () => {
  test('gives the bytes of the whole, for any text', () => {
    const text = fc.string({ unit: 'binary' }).map((value) => value.toWellFormed())
    fc.assert(
      fc.property(fc.array(text), text, text, text, (pieces, before, between, after) => {
        const whole = before + pieces.join(between) + after
        expect(Buffer.from(encodePieces(pieces, { before, between, after })).toString()).toBe(whole)
      }),
    )
  })

  test.each(['é', '€', '😀', `a${'😀'.repeat(1_000)}`])('text of more bytes than characters: %s', (piece) => {
    expect(Buffer.from(encodePieces([piece, piece], none)).toString()).toBe(piece + piece)
  })

  test('of nothing there is nothing', () => {
    expect(encodePieces([], none)).toHaveLength(0)
  })
})
