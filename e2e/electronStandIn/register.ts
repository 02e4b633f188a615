import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

/** `node --import` this, and `electron` is the stand-in. */
const standIn = pathToFileURL(`${import.meta.dirname}/electron.ts`).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
})
