import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { key } from './api/key.ts'

/** The key to ask with, for a Mull or an upstream that wants one. */
export function KeyField(): JSX.Element {
  const open = useSignal(false)
  return (
    <div class="key-field">
      <button
        type="button"
        class="plain"
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value
        }}
      >
        {key.value ? 'Key ✓' : 'Key'}
      </button>
      {open.value && (
        <div class="popover">
          <label for="key">API key</label>
          <input
            id="key"
            type="password"
            value={key.value}
            autocomplete="off"
            ref={(input) => input?.focus()}
            onKeyDown={(event) => {
              if (event.key === 'Enter') key.value = event.currentTarget.value.trim()
              if (event.key === 'Escape' || event.key === 'Enter') open.value = false
            }}
            onChange={(event) => {
              key.value = event.currentTarget.value.trim()
            }}
          />
          <small>Kept until this tab is closed, and sent to this server alone.</small>
        </div>
      )}
    </div>
  )
}
