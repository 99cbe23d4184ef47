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

/** What stands around and between the events of one POST. */
export type SiemFrame = {
  readonly contentType: string
  readonly before: string
  readonly between: string
  readonly after: string
}

/** A format. Events are written one by one, so that no text becomes so long that it is slow to make. */
export type SiemWriter = {
  /** For so many events, at least one. */
  readonly frame: (count: number) => SiemFrame
  /** Writes one event of the installation. */
  readonly writer: (source: SiemSource) => (entry: SiemEntry) => string
}

/** A JSON array, of one event too. */
export const jsonArray: SiemFrame = { contentType: 'application/json', before: '[', between: ',', after: ']' }

/** One event alone. */
export const jsonObject: SiemFrame = { contentType: 'application/json', before: '', between: '', after: '' }
