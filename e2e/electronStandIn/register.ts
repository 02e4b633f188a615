import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

/** `node --import` this, and `electron` is the stand-in. */
const standIn = pathToFileURL(`${import.meta.dirname}/electron.ts`).href

/** A package that this test takes away, as one whose binary does not fit the machine. */
const missing = process.env.DMABUF_LAB_STAND_IN_WITHOUT

registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier === missing) throw new Error(`${specifier} cannot be loaded`)
    return specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context)
  },
})
