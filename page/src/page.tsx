import type { JSX } from 'preact'
import { KeyField } from './key-field.tsx'
import { hrefOf, route } from './route.ts'
import { ThemeSwitch } from './theme.tsx'
import { Ask } from './views/ask.tsx'
import { Compare } from './views/compare.tsx'
import { RequestView } from './views/request.tsx'
import { Requests } from './views/requests.tsx'

const views = { ask: 'Ask', requests: 'Requests', compare: 'Compare' }

/** All of the page. Views that were opened stay as they are while others are looked at. */
export function Page(): JSX.Element {
  const [name = '', id] = route.value
  const view = name in views ? (name as keyof typeof views) : 'ask'
  return (
    <>
      <header class="top">
        <a class="mark" href={hrefOf('ask')}>
          Mull
        </a>
        <nav aria-label="Views">
          {Object.entries(views).map(([path, title]) => (
            <a key={path} href={hrefOf(path)} aria-current={path === view ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <KeyField />
        <ThemeSwitch />
      </header>
      <main>
        <div hidden={view !== 'ask'}>
          <Ask />
        </div>
        <div hidden={view !== 'compare'}>
          <Compare />
        </div>
        {view === 'requests' && (id ? <RequestView key={id} id={id} /> : <Requests />)}
      </main>
    </>
  )
}
