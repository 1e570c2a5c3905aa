import type { JSX, TargetedEvent } from 'preact'
import type { OptionSchema } from '../api/entries.ts'

type Props = {
  name: string
  schema: OptionSchema
  value: string
  change: (value: string) => void
  /** Names that the option may have, where any text is allowed. */
  known: readonly string[]
}

/** One option: its name, what it may be, what it is if nothing is said. */
export function Option({ name, schema, value, change, known }: Props): JSX.Element {
  const id = `option-${name}`
  const typed = ({ currentTarget }: TargetedEvent<HTMLInputElement | HTMLSelectElement>) => change(currentTarget.value)
  const choices = schema.type === 'boolean' ? ['true', 'false'] : schema.enum
  const range = rangeOf(schema)
  const common = { id, value, ...(schema.description ? { 'aria-describedby': `${id}-about` } : {}) }
  return (
    <div class="option">
      <label for={id}>
        {name} {range && <small>{range}</small>}
      </label>
      {choices ? (
        <select {...common} onChange={typed}>
          <option value="">{shown(schema.default) || 'not set'}</option>
          {choices
            .filter((choice) => choice !== schema.default)
            .map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
        </select>
      ) : (
        <input
          {...common}
          inputMode={isNumber(schema) ? 'decimal' : 'text'}
          placeholder={shown(schema.default)}
          list={known.length > 0 ? `${id}-known` : undefined}
          spellcheck={false}
          autocomplete="off"
          onInput={typed}
        />
      )}
      {known.length > 0 && (
        <datalist id={`${id}-known`}>
          {known.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
      {schema.description && <small id={`${id}-about`}>{schema.description}</small>}
    </div>
  )
}

const isNumber = ({ type }: OptionSchema) => type === 'integer' || type === 'number'

function rangeOf(schema: OptionSchema): string {
  const { minimum, maximum } = schema
  if (!isNumber(schema) || (minimum === undefined && maximum === undefined)) return ''
  const most = maximum === undefined || maximum > 1e9 ? undefined : maximum
  return most === undefined ? `from ${minimum}` : `${minimum ?? '…'} to ${most}`
}

function shown(value: unknown): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.length > 0 ? `[${value.map(shown).join(', ')}]` : 'none'
  return typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : String(value)
}
