/** Where the data is: a SQLite file (or `:memory:`), or a PostgreSQL address. */
export type StoreAddress =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string }
