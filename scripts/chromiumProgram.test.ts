import { describe, expect, test } from 'vitest'
import { chromiumProgram } from './chromiumProgram.ts'

const shell = '/usr/lib/chromium/chromium-headless-shell'
const browser = '/usr/bin/chromium'

describe("the tests' browser", () => {
  test.each<[string, NodeJS.ProcessEnv, string[], string]>([
    ['the headless shell before the whole browser', {}, [browser, shell], shell],
    ['the whole browser where that alone is', {}, [browser], browser],
    ['the headless shell, which is to be installed, where neither is', {}, [], shell],
    ['the one that is named, there or not', { DMABUF_LAB_CHROMIUM: '/opt/own' }, [shell], '/opt/own'],
    ['none that is named with no word', { DMABUF_LAB_CHROMIUM: '' }, [browser], browser],
  ])('is %s', (_, environment, there, program) => {
    expect(chromiumProgram(environment, file => there.includes(file))).toBe(program)
  })
})
