/** Writes what comes from the server to a file, as it comes. */

type FileHandle = { createWritable(): Promise<WritableStream<Uint8Array>> }
type Picker = (options: { suggestedName: string }) => Promise<FileHandle>

export type Saving = {
  /** Lines so far. */
  readonly onLines: (lines: number) => void
  readonly signal: AbortSignal
}

/**
 * Where the browser can, straight to the disk; elsewhere it is collected first. Resolves false when no place was chosen.
 * Call it in answer to a click: only then may a file be chosen.
 */
export async function saveFile(url: string, name: string, { onLines, signal }: Saving): Promise<boolean> {
  const target = await openTarget(name)
  if (target === null) return false
  const writer = target.stream.getWriter()
  try {
    const response = await fetch(url, { credentials: 'same-origin', signal })
    if (!response.ok || response.body === null) throw new Error(`The server answered ${response.status}.`)
    let lines = 0
    const reader = response.body.getReader()
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      lines += newlinesIn(part.value)
      onLines(lines)
      await writer.write(part.value)
    }
    await writer.close()
    return true
  } catch (error) {
    // What is half there must not be taken for all of it.
    await writer.abort(error).catch(() => {})
    throw error
  }
}

async function openTarget(name: string): Promise<{ stream: WritableStream<Uint8Array> } | null> {
  const picker = (window as { showSaveFilePicker?: Picker }).showSaveFilePicker
  if (picker === undefined) return { stream: collected(name) }
  try {
    return { stream: await (await picker({ suggestedName: name })).createWritable() }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null
    return { stream: collected(name) }
  }
}

function collected(name: string): WritableStream<Uint8Array> {
  const parts: BlobPart[] = []
  return new WritableStream({
    write(part) {
      parts.push(part as BlobPart)
    },
    close() {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob(parts))
      link.download = name
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    },
  })
}

function newlinesIn(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1
  return count
}
