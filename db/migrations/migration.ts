/** One numbered step of the schema. A step that was released is never edited: a change is a new step. */
export type Migration = { readonly version: number; readonly sql: string }
