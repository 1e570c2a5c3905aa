import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { chromiumPath, openBrowser } from '../helpers/browser.ts'
import { startUpstream } from '../helpers/upstream.ts'
import { Place } from './running.ts'

const hostile = '</script><img src="https://example.invalid/x.png" onerror="document.title = 1">'

test.skipIf(chromiumPath === undefined)(
  'the report opens from a file: pictures, a table, every question, and no network',
  async () => {
    await using upstream = await startUpstream(({ json }) => ({
      choices: Array.from({ length: json!.n ?? 1 }, (_, at) => ({ text: at % 3 ? '**4**' : hostile })),
    }))
    const rows = Array.from({ length: 12 }, (_, at) => ({ id: `q${at}`, question: `${hostile} ${at}`, answer: '4' }))
    using place = new Place().write(...rows)
    await place.run(['--recipes', 'none,sc@4,sc@8', '--price', '1,2'], { UPSTREAM_BASE_URL: upstream.url })

    await using browser = await openBrowser()
    const page = await browser.newPage()
    const complaints: string[] = []
    const asked: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', ({ message }) => complaints.push(message))
    page.on('request', (request) => asked.push(request.url()))
    const url = pathToFileURL(join(place.out, 'report.html')).href
    await page.goto(url)

    expect(await page.locator('.verdict').textContent()).toBe(place.report.verdict.sentence)
    expect(await page.locator('main > section table tbody tr').count()).toBe(3)
    expect(await page.locator('figure h2').allTextContents()).toEqual([
      'What more compute buys',
      'A vote of n',
      'What agreement is worth: sc@8',
      'What waiting buys',
    ])
    for (const broken of ['NaN', 'undefined', 'Infinity'])
      expect(await page.locator('figure').allInnerTexts()).not.toContain(broken)
    expect(await page.content()).not.toMatch(/="[^"]*NaN/)
    const cells = page.locator('#heat [data-question]')
    expect(await cells.count()).toBe(12)
    await cells.first().locator('rect').first().hover()
    const shown = page.locator('#question')
    expect(await shown.locator('pre').textContent()).toContain(hostile)
    expect(await shown.locator('tr').count()).toBe(3)
    const before = await shown.locator('b').textContent()
    await page.locator('#heat').focus()
    await page.keyboard.press('ArrowRight')
    expect(await shown.locator('b').textContent()).not.toBe(before)

    expect(await page.locator('img').count()).toBe(0)
    expect(complaints).toEqual([])
    expect(asked).toEqual([url])
  },
  60_000,
)
