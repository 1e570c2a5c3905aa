import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Happened } from '../../src/http/traces/shape.ts'
import { chromiumPath, openBrowser, type Started, startCommand, startWrangler } from '../helpers/browser.ts'
import { tree, vote } from './synthetic.ts'

const patience = 60_000

/** The page in a real browser; it fails with whatever the browser complains of. */
describe.skipIf(chromiumPath === undefined)('the page', { timeout: patience }, () => {
  let browser: Browser
  beforeAll(async () => {
    await import('../../page/build.ts')
    browser = await openBrowser()
  }, patience)
  afterAll(() => browser?.close())

  test('asks for a key where one is wanted, and keeps it for as long as the tab is open', async () => {
    const server = await startCommand({ MULL_API_KEYS: 'sk-page' })
    const tab = await browser.newPage()
    try {
      await tab.goto(server.url)
      await tab.locator('.ask').getByText('This proxy asks for an API key').waitFor()
      await tab.getByRole('button', { name: 'Key' }).click()
      await tab.getByLabel('API key').fill('sk-page')
      await tab.getByLabel('API key').press('Enter')
      await tab.locator('#strategy').waitFor()
      await tab.reload()
      await tab.locator('#strategy').waitFor()
      expect(await tab.evaluate('JSON.stringify(localStorage)')).not.toContain('sk-page')
    } finally {
      await tab.close()
      await server.close()
    }
  })

  describe.each([
    ['Node', () => startCommand(), false],
    ['a Worker', () => startWrangler({ MULL_TRACES: 'full' }), true],
  ] as const)('on %s', (_, start, filesAreTheSame) => {
    // What the browser does by itself it does alike with the same files.
    const once = test.skipIf(filesAreTheSame)

    let server: Started
    beforeAll(async () => {
      server = await start()
    }, patience)
    afterAll(() => server?.close())

    /** Opens the page, does something there, and closes it again. */
    const on = async (view: string, body: (page: Page) => Promise<void>, { wanted, ...options }: Opening = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
      const page = await context.newPage()
      const complaints: string[] = []
      const foreign: string[] = []
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      page.on('pageerror', ({ message }) => complaints.push(message))
      page.on('request', (request) => !request.url().startsWith(server.url) && foreign.push(request.url()))
      try {
        await page.goto(`${server.url}/#/${view}`)
        await body(page)
        expect(complaints.filter((complaint) => !wanted?.test(complaint))).toEqual([])
        expect(foreign).toEqual([])
      } finally {
        await context.close()
      }
    }
    const ask = async (page: Page, recipe: string) => {
      await page.locator('#recipe').fill(recipe)
      await page.getByRole('button', { name: 'Ask' }).click()
    }
    const answered = (page: Page) => page.locator('.answer-text[aria-busy="false"]').waitFor({ timeout: patience })

    test('asks with a vote: samples run, votes fall, the answer streams in, a sample can be read', () =>
      on('ask', async (page) => {
        await page.locator('#strategy').selectOption('self-consistency')
        await page.locator('#option-n').fill('16')
        expect(await page.locator('#recipe').inputValue()).toBe('tiny-r1+self-consistency@16')
        await page.getByRole('button', { name: 'Ask' }).click()
        await page.locator('.bar.sample').nth(15).waitFor()
        await answered(page)
        expect(await page.locator('.tile').count()).toBeGreaterThan(2)
        const winner = await page.locator('.vote.won .answer').textContent()
        expect(await page.locator('.answer-text').textContent()).toContain(winner)
        await page.locator('.tile').first().click()
        expect(await page.getByLabel('What was picked').textContent()).toContain('answer')
        await page.keyboard.press('Escape')
        await page.getByLabel('What was picked').waitFor({ state: 'detached' })
      }))

    test('draws the tree of a search as it grows, and opens the search again from the list', () =>
      on('ask', async (page) => {
        await ask(page, 'tiny-r1+mcts@3(scorer=agreement)')
        await page.locator('.node').nth(1).waitFor()
        await answered(page)
        expect(await page.locator('.node').count()).toBeGreaterThan(2)
        await page.getByRole('link', { name: 'Requests' }).click()
        await page.getByLabel('Filter').fill('mcts answered')
        await page.getByRole('link', { name: 'tiny-r1+mcts@3' }).first().click()
        const nodes = page.locator('.request .node')
        await nodes.nth(2).waitFor()
        const whole = await nodes.count()
        await page.getByLabel('Moment of the search').fill('0')
        await nodes.nth(whole - 1).waitFor({ state: 'detached' })
        await page.getByRole('button', { name: 'Play' }).click()
        await nodes.nth(whole - 1).waitFor()
      }))

    test('compares recipes side by side', () =>
      on('compare', async (page) => {
        await page.getByLabel('Recipe 2', { exact: true }).fill('self-consistency@4')
        for (const at of [4, 3]) await page.getByRole('button', { name: `Leave out recipe ${at}` }).click()
        await page.getByRole('button', { name: 'Compare' }).click()
        await page.locator('.column .answer-text[aria-busy="false"]').nth(1).waitFor({ timeout: patience })
        expect(await page.locator('.compare td:first-child').allTextContents()).toEqual(['none', 'self-consistency@4'])
        expect(await page.locator('.compare td:nth-child(4)').allTextContents()).toEqual(['1', '4'])
        await page.locator('.column .tile').first().click()
        await page.getByLabel('What was picked').getByText('Sample').waitFor()
        await page.keyboard.press('Escape')
        await page.getByLabel('What was picked').waitFor({ state: 'detached' })
      }))

    once('is used with the keyboard alone', () =>
      on('ask', async (page) => {
        await page.locator('#question').focus()
        await page.locator('#recipe').fill('tiny-r1+self-consistency@4')
        await page.locator('#question').press('Control+Enter')
        await answered(page)
        const focused = () => page.evaluate<string>('document.activeElement.getAttribute("aria-label") ?? ""')
        for (let tabs = 0; tabs < 30 && !/^Sample/.test(await focused()); tabs++) await page.keyboard.press('Tab')
        const first = await focused()
        expect(first).toMatch(/^Sample \d+: /)
        await page.keyboard.press('ArrowRight')
        const second = await focused()
        expect(second).toMatch(/^Sample \d+: /)
        expect(second).not.toBe(first)
        await page.keyboard.press('Enter')
        expect(await page.locator('.reading h3').textContent()).toContain('Sample')
        await page.keyboard.press('Escape')
        await page.locator('.reading').waitFor({ state: 'detached' })
        await expect.poll(focused).toBe(second)
      }),
    )

    once('stops what is under way', () =>
      on('ask', async (page) => {
        await ask(page, 'tiny-r1+self-consistency@64')
        await page.locator('.bar.sample.running').nth(10).waitFor()
        await page.getByRole('button', { name: 'Stop' }).click()
        await page.getByText('Stopped; what was under way is cancelled.').waitFor()
        await page.locator('.bar.sample.cancelled').nth(10).waitFor()
        await page.locator('.bar.sample.running').first().waitFor({ state: 'detached' })
      }),
    )

    once('says in place what the API refuses', () =>
      on(
        'ask',
        async (page) => {
          await page.locator('#recipe').fill('tiny-r1+self-consistensy')
          await page.getByText('Did you mean "self-consistency"?').waitFor()
          await page.getByRole('button', { name: 'Ask' }).click()
          await page.getByRole('alert').getByText('Did you mean').waitFor()
        },
        // A browser tells of every 4xx.
        { wanted: /status of 400/ },
      ),
    )

    test('is given to browsers with headers that let nothing of anybody else’s in', async () => {
      const response = await fetch(server.url)
      const policy = response.headers.get('content-security-policy')!
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(response.headers.get('referrer-policy')).toBe('no-referrer')
      const [, script] = /src="\.\/(assets\/[^"]+\.js)"/.exec(await response.text())!
      const asset = await fetch(`${server.url}/${script}`)
      expect(asset.headers.get('content-type')).toContain('javascript')
      expect(asset.headers.get('cache-control')).toContain('immutable')
      expect(asset.headers.get('content-security-policy')).toBe(policy)
      expect((await fetch(`${server.url}/no-such-page`)).status).toBe(404)
    })

    once.each([
      ['sixty-four samples', vote(64, ['4964', '5864', '4864', '4064']), '.bar'],
      ['two hundred nodes', tree(200), '.node'],
    ] as const)('draws %s on a phone, each apart from the others, and nothing beyond its edge', (_, events, mark) =>
      on(
        'ask',
        async (page) => {
          await serve(page, events)
          await page.goto(`${server.url}/#/requests/recorded`)
          await page.locator(mark).nth(60).waitFor()
          const places = await page.locator(`${mark} > :is(rect, circle)`).evaluateAll((marks) =>
            marks.map((each) => {
              const { x, y } = each.getBoundingClientRect()
              return `${x.toFixed(1)} ${y.toFixed(1)}`
            }),
          )
          expect(new Set(places).size).toBe(places.length)
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375)
        },
        { viewport: { width: 375, height: 800 } },
      ),
    )
  })
})

type Opening = {
  readonly viewport?: { readonly width: number; readonly height: number }
  /** What the browser is to complain of. */
  readonly wanted?: RegExp
}

/** Has the page find a trace that nobody recorded. */
const serve = (page: Page, events: readonly Happened[]) =>
  page.route('**/v1/traces/recorded', (route) =>
    route.fulfill({
      json: { id: 'recorded', at: events[0]!.at, door: 'chat', model: 'm+x', relayed: false, truncated: false, events },
    }),
  )
