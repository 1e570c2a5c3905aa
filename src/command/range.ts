/** What is read of the JSON schema of an option. */
export type Schema = {
  readonly type?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
}

/** What may be given, in words. */
export function rangeOf({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, ...schema }: Schema): string {
  if (schema.enum) return schema.enum.join(' | ')
  if (type === 'boolean') return 'true | false'
  if (type !== 'integer' && type !== 'number')
    return type === 'string' ? 'text' : type === 'array' ? 'a list' : 'a scorer, or a list'
  const least = minimum ?? (exclusiveMinimum === undefined ? undefined : `above ${exclusiveMinimum}`)
  const most = maximum ?? (exclusiveMaximum === undefined ? undefined : `below ${exclusiveMaximum}`)
  const bounds =
    most === undefined || most === Number.MAX_SAFE_INTEGER
      ? least === undefined
        ? ''
        : typeof least === 'string'
          ? least
          : `${least} or more`
      : `${least ?? ''} to ${most}`
  return `${type === 'integer' ? 'whole number' : 'number'}${bounds && `, ${bounds}`}`
}
