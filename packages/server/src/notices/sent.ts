/** What came of sending a notice once. */
export type Sent =
  | { readonly ok: true; readonly detail: string }
  | {
      readonly ok: false
      /** In words for an administrator; it never holds a secret. */
      readonly detail: string
      /** `destination`: nothing can be sent there at the moment, so others that wait for it need not be tried. */
      readonly fault: 'notice' | 'destination'
      /** Trying again would not help. */
      readonly final: boolean
      /** When the other side wants to be asked again, in milliseconds from now. */
      readonly retryAfterMs?: number
    }
