import type { AdbServerClient } from '@yume-chan/adb'
import { AdbServerNodeTcpConnector } from '@yume-chan/adb-server-node-tcp'
import { ReadableStream } from '@yume-chan/stream-extra'
import type { AdbServer } from '../../contract/engine.ts'

type Connection = AdbServerClient.ServerConnection

/**
 * What a connection delivers, ending in an error once it is closed without an end: the library's own stream of a
 * connection that was reset stays open for ever, and whoever reads it waits.
 */
function endedByClose({ readable, closed }: Connection): Connection['readable'] {
  const reader = readable.getReader()
  const afterClose = closed.then(() => new Promise<never>((_, reject) => setImmediate(reject, reset())))
  // It is only looked at while something is read.
  afterClose.catch(() => {})
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await Promise.race([reader.read(), afterClose])
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: reason => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

function reset(): Error {
  return new Error('the connection to the adb server was closed')
}

/** Connects to the adb server; unlike the library's own connector it notices a server that dies. */
export class ServerConnector extends AdbServerNodeTcpConnector {
  constructor({ host, port }: AdbServer) {
    super({ host, port })
  }

  override async connect(options?: AdbServerClient.ServerConnectionOptions): Promise<Connection> {
    const connection = await super.connect(options)
    return {
      readable: endedByClose(connection),
      writable: connection.writable,
      closed: connection.closed,
      close: () => connection.close(),
    }
  }
}
