import { marked, type Token, type Tokens } from 'marked'
import type { ComponentChildren, JSX } from 'preact'

/**
 * A model's words, with their markdown drawn. Nothing of it is ever read as HTML, and pictures, which would have to be
 * fetched from elsewhere, are links.
 */
export function Markdown({ text }: { text: string }): JSX.Element {
  return <div class="words">{all(marked.lexer(text))}</div>
}

function all(tokens: readonly Token[] | undefined): ComponentChildren {
  return tokens?.map((token, at) => <One key={at} token={token} />)
}

function One({ token }: { token: Token }): JSX.Element | null {
  switch (token.type) {
    case 'heading': {
      const Heading = `h${Math.min(6, token['depth'] + 2)}` as 'h3'
      return <Heading>{all(token.tokens)}</Heading>
    }
    case 'paragraph':
      return <p>{all(token.tokens)}</p>
    case 'strong':
      return <strong>{all(token.tokens)}</strong>
    case 'em':
      return <em>{all(token.tokens)}</em>
    case 'del':
      return <del>{all(token.tokens)}</del>
    case 'codespan':
      return <code>{token['text']}</code>
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        <pre tabIndex={0}>
          <code>{token['text']}</code>
        </pre>
      )
    case 'blockquote':
      return <blockquote>{all(token.tokens)}</blockquote>
    case 'list':
      return <List list={token as Tokens.List} />
    case 'link':
    case 'image':
      return <Link href={token['href']}>{token.tokens?.length ? all(token.tokens) : token['text']}</Link>
    case 'table':
      return <Table table={token as Tokens.Table} />
    case 'hr':
      return <hr />
    case 'br':
      return <br />
    case 'space':
    case 'def':
      return null
    case 'text':
      return <>{token.tokens ? all(token.tokens) : unescaped(token['text'])}</>
    case 'escape':
      return <>{token['text']}</>
    default:
      return <>{token.raw}</>
  }
}

function List({ list: { ordered, start, items } }: { list: Tokens.List }): JSX.Element {
  const rows = items.map((item, at) => <li key={at}>{all(item.tokens)}</li>)
  return ordered ? <ol start={start || 1}>{rows}</ol> : <ul>{rows}</ul>
}

function Table({ table: { header, rows } }: { table: Tokens.Table }): JSX.Element {
  return (
    <table>
      <thead>
        <tr>
          {header.map(({ tokens }, at) => (
            <th key={at}>{all(tokens)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <tr key={at}>
            {row.map(({ tokens }, cell) => (
              <td key={cell}>{all(tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Link({ href, children }: { href: string; children: ComponentChildren }): JSX.Element {
  if (!/^(https?:|mailto:)/i.test(href)) return <>{children}</>
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  )
}

/** Markdown of a model's own may hold entities, which are signs to be shown and nothing else. */
const unescaped = (text: string) =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => signs[name] ?? whole)
const signs: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
