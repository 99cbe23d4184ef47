/** An endpoint URL that may not be reached: what was found, and what would be right. */
export type Refusal = { readonly ok: false; readonly finding: string; readonly advice: string }
