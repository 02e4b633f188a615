#!/usr/bin/env node
import { agentsAreCurrent, buildAgents } from './agents.mjs'
import { becomePinned, ensureModules } from './setup.mjs'

ensureModules()
if (!agentsAreCurrent()) buildAgents()
// npm runs a script in the package's folder; a relative path in its arguments means the caller's.
const { npm_lifecycle_event: script, INIT_CWD: caller } = process.env
if (script === 'lab' && caller !== undefined) process.chdir(caller)
becomePinned('main/cli/index.ts', process.argv.slice(2))
