import { expect, test } from './labTest.ts'

test('a page taken over runs no foreign script, reaches nothing, and calls nothing but the contract', async ({
  lab: { page, faults },
}) => {
  await expect(page.getByRole('heading', { level: 1, name: 'Bench' })).toBeVisible()

  await test.step('it cannot be made to run foreign script or to reach out', async () => {
    const home = page.url()
    const ran = await page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'document.documentElement.dataset.injected = "yes"'
      document.head.append(script)
      const fetched = await fetch('https://example.invalid/').then(
        () => 'reached',
        () => 'refused',
      )
      return { injected: document.documentElement.dataset.injected ?? 'refused', fetched }
    })
    expect(ran).toEqual({ injected: 'refused', fetched: 'refused' })
    expect(page.url()).toBe(home)
    const provoked = faults.splice(0)
    expect(provoked.filter(fault => !/Content Security Policy/.test(fault))).toEqual([])
    expect(provoked.length).toBeGreaterThanOrEqual(2)
  })

  await test.step('a call that is not of the contract is answered with a typed error, and the lab goes on', async () => {
    const outcome = await page.evaluate(async () => {
      const lab: unknown = Reflect.get(window, 'lab')
      const runs: unknown = typeof lab === 'object' && lab !== null ? Reflect.get(lab, 'runs') : null
      if (typeof runs !== 'object' || runs === null) return 'no lab'
      const start: unknown = Reflect.get(runs, 'start')
      return typeof start === 'function'
        ? start({ target: 'local', schemes: ['teleport'], sizesBytes: [1] })
        : 'no call'
    })
    expect(outcome).toMatchObject({ ok: false, error: { kind: 'bad-input' } })
    await expect(page.getByRole('heading', { level: 1, name: 'Bench' })).toBeVisible()
  })
})
