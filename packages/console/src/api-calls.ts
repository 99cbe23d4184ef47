import { base } from './api.ts'
import { call } from './http.ts'

/** Changes what is there; with the `ETag` that it was read with, only when nobody else has. */
export async function patch<Answer>(path: string, body: unknown, ifMatch?: string | null): Promise<Answer> {
  return (await call<Answer>(base + path, { method: 'PATCH', body, ifMatch: ifMatch ?? undefined })).body
}

export async function put(path: string): Promise<void> {
  await call<void>(base + path, { method: 'PUT', body: {} })
}

export async function remove(path: string): Promise<void> {
  await call<void>(base + path, { method: 'DELETE' })
}

/** Sends a CSV file. */
export async function postCsv<Answer>(
  path: string,
  csv: Blob,
  search: Readonly<Record<string, string | undefined>>,
): Promise<Answer> {
  return (await call<Answer>(base + path, { method: 'POST', csv, search })).body
}
