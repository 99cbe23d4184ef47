import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cut, showText } from '../src/show-text.ts'

describe('showText', () => {
  test.each([
    ['plain é 😀', 20, 'plain é 😀'],
    ['a\r\n\tb', 20, 'a\\r\\n\\tb'],
    ['\u0000\u001b\u007f\u0085\u2028', 40, '\\u{0}\\u{1b}\\u{7f}\\u{85}\\u{2028}'],
    ['\u202ea\u2066\u200f', 40, '\\u{202e}a\\u{2066}\\u{200f}'],
    ['\ud800x', 20, '\\u{d800}x'],
    ['abcdef', 6, 'abcdef'],
    ['abcdefg', 6, 'abcde…'],
    ['abcd\u0000', 6, 'abcd…'],
    ['abcd😀😀', 6, 'abcd…'],
  ])('shows %j in %i characters as %j', (text, max, shown) => {
    expect(showText(text, max)).toBe(shown)
  })

  test('is never longer than asked, and always visible', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 100 }), (text, max) => {
        const shown = showText(text, max)
        expect(shown.length).toBeLessThanOrEqual(max)
        expect(shown).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Surrogate}]/u)
      }),
    )
  })

  test('looks at no more of a long text than it shows', () => {
    expect(showText('x'.repeat(50_000_000), 10)).toBe('xxxxxxxxx…')
  })
})

test('cut never leaves half of a surrogate pair', () => {
  expect(cut('a😀', 2)).toBe('a')
  expect(cut('a😀', 3)).toBe('a😀')
  expect(cut('abc', 2)).toBe('ab')
})
