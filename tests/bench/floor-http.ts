import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * The least that a server in Node can do: it sends files from memory, `/0` the first that it was given, `/1` the second; and to `/304` it
 * says that nothing has changed.
 */
const bodies = process.argv.slice(2).map((file) => readFileSync(file))

const server = createServer((req, res) => {
  if (req.url === '/304') {
    res.writeHead(304, { ETag: 'W/"the-same-as-it-always-was"' })
    res.end()
    return
  }
  const body = bodies[Number(req.url?.slice(1))]
  res.writeHead(body ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': body?.length ?? 0 })
  res.end(body)
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
