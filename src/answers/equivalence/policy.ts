/** What counts as the same answer where people differ. Every switch is optional; the defaults merge too little rather than too much. */
export type Policy = {
  /** 10% is 10 rather than 0.1. Default false. */
  readonly percentAsNumber?: boolean | undefined
  /** The same switch by its short name. */
  readonly percent?: boolean | undefined
  /** Lists without brackets, and sets, in any order. Default true. */
  readonly unordered?: boolean | undefined
  /** (1, 2) is the list 1, 2. Default false. */
  readonly tupleEqualsList?: boolean | undefined
  /** A decimal of three digits or more is what it was rounded from: 0.333 and 1/3. Default false. */
  readonly rounding?: boolean | undefined
  /** 1 km is 1000 m, 120 degrees are 2π/3. Default false. */
  readonly unitConvert?: boolean | undefined
  /** f(x) = x + 1 and f(z) = z + 1 differ. Default true. */
  readonly strictVariables?: boolean | undefined
  /** (0, 1) and [0, 1] differ. Default true. */
  readonly boundaryStrict?: boolean | undefined
  /** Words differ by case. Default false. */
  readonly caseSensitiveText?: boolean | undefined
  /** The texts of the request's options, A first or by letter, so that an option's text is its letter. */
  readonly choices?: readonly string[] | Readonly<Record<string, string>> | undefined
}
