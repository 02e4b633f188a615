import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { Page } from '@playwright/test'
import { expect, test } from './labTest.ts'

/** A page of another server on the same address, as any user of the machine can run one. */
async function foreignServer() {
  const heard: IncomingHttpHeaders[] = []
  const server = createServer((request, response) => {
    heard.push(request.headers)
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>foreign</title>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}/`, heard, close: () => server.close() }
}

/** Everything that a foreign page may try against the lab at `origin`; what it got of each. */
async function attack(origin: string): Promise<Record<string, string>> {
  const fetched = (mode: RequestMode) =>
    fetch(`${origin}/`, { mode, credentials: 'include' }).then(
      async response => `${response.type} ${await response.text()}`,
      () => 'refused',
    )
  const loaded = (element: HTMLElement, path: string) =>
    new Promise<string>(resolve => {
      element.addEventListener('load', () => resolve('loaded'))
      element.addEventListener('error', () => resolve('refused'))
      element.setAttribute('src', `${origin}${path}`)
      document.body.append(element)
    })
  const socketClosed = (protocols: string[]) =>
    new Promise<string>(resolve => {
      const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, protocols)
      socket.addEventListener('open', () => resolve('open'))
      socket.addEventListener('close', () => resolve('refused'))
    })
  const frame = document.createElement('iframe')
  const read = () => {
    try {
      return frame.contentDocument === null ? 'unreadable' : (frame.contentDocument.body.textContent ?? '')
    } catch {
      return 'unreadable'
    }
  }
  return {
    cors: await fetched('cors'),
    opaque: await fetched('no-cors'),
    script: `${await loaded(document.createElement('script'), '/hosted.js')} ${'lab' in window ? 'defined' : ''}`,
    image: await loaded(document.createElement('img'), '/icon.svg'),
    socket: await socketClosed([]),
    guessed: await socketClosed(['dmabuf-lab', 'token.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA']),
    frame: await loaded(frame, '/').then(read),
    stored: JSON.stringify({ ...localStorage, ...sessionStorage }),
    cookies: document.cookie,
  }
}

test('a foreign page in the same browser gets nothing of the lab, and a tab without the token is told so', async ({
  lab,
}) => {
  test.skip(lab.shell !== 'hosted', 'the desktop shell has no server')
  const { page } = lab
  await expect(page.getByRole('heading', { level: 1, name: 'Bench' })).toBeVisible()
  const origin = new URL(page.url()).origin
  const token = await page.evaluate(() => localStorage.getItem('dmabuf-lab-token'))
  expect(token).toMatch(/^\S{43}$/)
  expect(page.url()).not.toContain(token)
  expect(await page.context().cookies()).toEqual([])

  const foreign = await foreignServer()
  const other = await page.context().newPage()
  await other.goto(foreign.url)
  const got = await other.evaluate(attack, origin)
  foreign.close()
  expect(got).toEqual({
    cors: 'refused',
    opaque: 'refused',
    script: 'refused ',
    image: 'refused',
    socket: 'refused',
    guessed: 'refused',
    frame: 'unreadable',
    stored: '{}',
    cookies: '',
  })
  expect(JSON.stringify(foreign.heard)).not.toContain(token)

  // A page that opens the lab's in a window of its own does not hold that window.
  const popup = page.context().waitForEvent('page')
  await other.evaluate(url => void window.open(url, 'lab'), origin)
  const opened = await popup
  await expect(opened.getByRole('heading', { level: 1, name: 'Bench' })).toBeVisible()
  expect(await opened.evaluate(() => window.opener === null)).toBe(true)

  await test.step('a second tab works, and one without the token says how to get it', () => openTabs(page))
})

async function openTabs(page: Page): Promise<void> {
  const home = new URL('/', page.url()).href
  const second = await page.context().newPage()
  await second.goto(home)
  await expect(second.getByRole('alert')).toHaveCount(0)
  await page.evaluate(() => localStorage.clear())
  const third = await page.context().newPage()
  await third.goto(home)
  await expect(third.getByRole('alert').first()).toHaveText(/does not have the token.*Open the address/)
  await expect(third.getByText('The link to the lab dropped')).toHaveCount(0)
}
