import '../contract/withoutEval.ts'
import { socketPath } from '../contract/frame.ts'
import { HostedLink } from './hostedLink.ts'
import { createLabClient } from './labClient.ts'

/** Defines `window.lab` in a browser. The hosted shell puts this script before the page's own. */
const link = new HostedLink(() => new WebSocket(`ws://${location.host}${socketPath}`))
Object.defineProperty(window, 'lab', { value: Object.freeze(createLabClient(link)) })
