/** What the contract needs of a test runner: Vitest, Jest and Bun have it. */

/** @see {@link testStore} */
export interface TestRunner {
  describe(name: string, tests: () => void): void
  test(name: string, run: () => Promise<void>): void
  beforeEach(run: () => Promise<void>): void
  afterEach(run: () => Promise<void>): void
  readonly expect: Expect
}

export interface Expect {
  (actual: unknown): Matchers & { readonly rejects: Rejections }
  objectContaining(expected: object): unknown
  stringContaining(expected: string): unknown
}

export interface Matchers {
  toBe(expected: unknown): void
  toBeGreaterThan(expected: number): void
  toBeNull(): void
  toBeUndefined(): void
  toContain(expected: unknown): void
  toContainEqual(expected: unknown): void
  toEqual(expected: unknown): void
  toHaveLength(expected: number): void
  toMatchObject(expected: object): void
}

export interface Rejections {
  toBeInstanceOf(expected: unknown): Promise<void>
  toThrow(expected?: string): Promise<void>
}
