/** An error and what caused it, each with its code where it has one; the outermost first. */
export function* causesOf(
  error: unknown,
): Generator<{ readonly code: string | null; readonly message: string }> {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown }
    yield { code: typeof code === 'string' ? code : null, message: cause.message }
  }
}
