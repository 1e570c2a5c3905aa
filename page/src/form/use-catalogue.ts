import { useEffect, useState } from 'preact/hooks'
import { type Catalogue, catalogue } from '../api/catalogue.ts'
import { key } from '../api/key.ts'

/** What can be asked for, read anew with each key; or why it cannot be told. */
export function useCatalogue() {
  const [found, setFound] = useState<{ readonly catalogue?: Catalogue; readonly failure?: string }>({})
  const [tries, setTries] = useState(0)
  const asked = key.value
  useEffect(() => {
    let current = true
    const settle = (found: { catalogue?: Catalogue; failure?: string }) => current && setFound(found)
    catalogue().then(
      (catalogue) => settle({ catalogue }),
      ({ message }: Error) => settle({ failure: message }),
    )
    return () => {
      current = false
    }
  }, [asked, tries])
  return { ...found, retry: () => setTries((count) => count + 1) }
}
