import '../contract/withoutEval.ts'
import { socketPath, subprotocolsWith } from '../contract/frame.ts'
import { HostedLink } from './hostedLink.ts'
import { createLabClient } from './labClient.ts'
import { pageToken } from './pageToken.ts'

/** Defines `window.lab` in a browser. The hosted shell puts this script before the page's own. */
const first = pageToken()
const link = new HostedLink(
  () => new WebSocket(`ws://${location.host}${socketPath}`, subprotocolsWith(pageToken() || first)),
)
Object.defineProperty(window, 'lab', { value: Object.freeze(createLabClient(link)) })
