/** One forward-only step. Statements run in one transaction, in order; a step that was released never changes. */
export type Migration = { readonly name: string; readonly statements: readonly string[] }
