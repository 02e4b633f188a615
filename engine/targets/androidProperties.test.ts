import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Android, androidSchema } from '../../contract/target.ts'
import { virtualPhone } from '../../device/virtual/testing/virtualPhone.ts'
import { androidOf } from './androidProperties.ts'

const named = {
  manufacturer: 'ro.product.manufacturer',
  model: 'ro.product.model',
  socManufacturer: 'ro.soc.manufacturer',
  socModel: 'ro.soc.model',
  release: 'ro.build.version.release',
  securityPatch: 'ro.build.version.security_patch',
  buildType: 'ro.build.type',
  fingerprint: 'ro.build.fingerprint',
} as const
const facts = Object.keys(named) as (keyof typeof named)[]
const nothing: Android = androidOf('')

const printed = (properties: readonly (readonly [string, string])[]) =>
  properties.map(([name, value]) => `[${name}]: [${value}]\n`).join('')

/** A value that begins no line like a property of its own. */
const plainValue = fc.stringMatching(/^[\w/.:,[\]()-][\w /.:,[\]()-]{0,80}[\w/.:,[\]()-]$/)
const anyText = fc.string({ unit: 'binary', maxLength: 400 })

describe('what getprop prints', () => {
  it('is read in any order, beside anything else, whatever ends its lines', () => {
    fc.assert(
      fc.property(
        fc.record(Object.fromEntries(facts.map(fact => [fact, plainValue]))),
        fc.array(fc.tuple(fc.stringMatching(/^persist\.[a-z]{1,9}$/), plainValue)),
        fc.constantFrom('\n', '\r\n'),
        fc.infiniteStream(fc.nat()),
        (values, others, end, order) => {
          const own = facts.map(fact => [named[fact], values[fact] ?? ''] as const)
          const shuffled = [...own, ...others, ['ro.build.version.sdk', '35'] as const]
            .map(property => ({ property, place: order.next().value ?? 0 }))
            .sort((a, b) => a.place - b.place)
            .map(({ property }) => property)
          const text = printed(shuffled).replaceAll('\n', end)
          expect(androidOf(text)).toEqual({ ...values, sdk: 35 })
        },
      ),
    )
  })

  it('never gives what the contract does not hold, whatever a device prints', () => {
    const names = fc.constantFrom(...Object.values(named), 'ro.build.version.sdk', 'ro.board.platform', 'x')
    const hostile = fc.oneof(anyText, fc.array(fc.tuple(names, anyText)).map(printed))
    fc.assert(
      fc.property(hostile, text => {
        const android = androidOf(text)
        expect(androidSchema.parse(android)).toEqual(android)
        for (const fact of facts) expect(android[fact] ?? '').not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      }),
    )
  })

  it.each([
    ['is empty', ''],
    ['is blank', '  '],
    ['has an escape character', 'Phone\u001b[2J'],
    ['turns the line around', 'Phone\u202e'],
    ['has a separator of lines', 'Phone\u2028X'],
    ['spans lines', 'Phone\nX'],
    ['spans lines, one like an end', 'Phone]\nX'],
    ['is very long', 'x'.repeat(257)],
  ])('is not told where it %s, and the next one is', (_, value) => {
    const text = printed([
      ['ro.product.model', value],
      ['ro.build.type', 'user'],
    ])
    expect(androidOf(text)).toEqual({ ...nothing, buildType: 'user' })
  })

  it('is not told where the output ends in it, or where it stands there twice', () => {
    expect(androidOf('[ro.build.type]: [user]\n[ro.product.model]: [Pho')).toEqual({
      ...nothing,
      buildType: 'user',
    })
    const inside = '[persist.x]: [text\n[ro.build.type]: [eng]\n]\n'
    expect(androidOf(`${inside}[ro.build.type]: [user]\n`)).toEqual(nothing)
    expect(androidOf('[ro.build.type]: [us\n[ro.build.type]: [eng]\n')).toEqual(nothing)
    expect(androidOf('[ro.build.type]: [eng]\n'.repeat(3))).toEqual(nothing)
  })

  it('keeps a value of 256 characters, and brackets in one', () => {
    const fingerprint = 'x'.repeat(256)
    expect(androidOf(printed([['ro.build.fingerprint', fingerprint]]))).toEqual({ ...nothing, fingerprint })
    const model = 'A]: [B] [C]'
    expect(androidOf(printed([['ro.product.model', model]]))).toEqual({ ...nothing, model })
  })

  it.each(['', '0', '-1', '3.5', '1e2', '0x23', '９', '1234567', 'REL'])('has no SDK %j', sdk => {
    expect(androidOf(printed([['ro.build.version.sdk', sdk]]))).toEqual(nothing)
  })

  it('names the platform where it does not name the SoC', () => {
    const platform = ['ro.board.platform', 'sun'] as const
    expect(androidOf(printed([platform])).socModel).toBe('sun')
    expect(androidOf(printed([platform, ['ro.soc.model', 'SM8750']])).socModel).toBe('SM8750')
    expect(androidOf(printed([platform, ['ro.soc.model', '']])).socModel).toBe('sun')
  })

  it('leaves serial numbers and all else where it is', () => {
    const secret = 'R5CT10ABCDE'
    const names = ['ro.serialno', 'ro.boot.serialno', 'ril.serialnumber', 'gsm.imei', 'net.hostname']
    expect(androidOf(printed(names.map(name => [name, secret])))).toEqual(nothing)
  })

  it('is that of the virtual device', () => {
    const file = new URL('../../device/virtual/guestPhone/build.prop', import.meta.url)
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    const properties = lines.map(line => /^([^=]+)=(.*)$/.exec(line)?.slice(1) ?? [])
    expect(androidOf(printed(properties.map(([name = '', value = '']) => [name, value])))).toEqual(
      virtualPhone,
    )
  })
})
