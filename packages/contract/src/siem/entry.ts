/**
 * What goes into the SIEM formats and what comes out. Structurally `EventRead` of the API, but free of schemas so that
 * the console can use it.
 */
export type SiemEntry = {
  readonly id: string
  readonly position: number
  readonly logged_at: string
  readonly access_request_id: string | null
  readonly app_id: string | null
  readonly event: {
    readonly actor: {
      readonly actor_type: string
      readonly actor_data: Readonly<Record<string, unknown>>
    }
    readonly event_type: string
    readonly event_type_user_friendly: string
    readonly event_began_at: string
    readonly event_hash: string
    readonly event_metadata: Readonly<Record<string, unknown>>
    readonly outcome: 'SUCCEEDED' | 'FAILED'
    readonly targets: readonly SiemTarget[]
  }
}

export type SiemTarget = {
  readonly target_type: string
  readonly target_data: Readonly<Record<string, unknown>>
}

/** The installation that the events come from: its base URL and Keyhook's version. */
export type SiemSource = { readonly baseUrl: string; readonly version: string }

/** A format: its content type, and the text of at least one entry. */
export type SiemWriter = (
  entries: readonly SiemEntry[],
  source: SiemSource,
) => { readonly contentType: string; readonly text: string }
