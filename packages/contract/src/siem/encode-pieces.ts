/** UTF-8 of many texts at once, without one long text in between. Pure. */
const encoder = new TextEncoder()

type Around = { readonly before: string; readonly between: string; readonly after: string }

/** The pieces with what stands around and between them. */
export function encodePieces(pieces: readonly string[], { before, between, after }: Around): Uint8Array {
  const characters = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const frame = before.length + after.length + between.length * pieces.length
  // As many bytes as characters: right for ASCII, which most JSON is.
  let bytes = new Uint8Array(characters + frame)
  let end = 0

  function write(text: string): void {
    let rest = text
    for (;;) {
      const { read, written } = encoder.encodeInto(rest, bytes.subarray(end))
      end += written
      if (read === rest.length) return
      rest = rest.slice(read)
      const larger = new Uint8Array(bytes.length * 2 + rest.length * 3)
      larger.set(bytes.subarray(0, end))
      bytes = larger
    }
  }

  write(before)
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) write(between)
    write(piece)
  }
  write(after)
  return bytes.subarray(0, end)
}
