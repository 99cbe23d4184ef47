/** The pattern of `like` and `ilike` for texts that contain this one: its `%`, `_` and `\` stand for themselves. */
export function contains(text: string): string {
  return `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`
}
