import { isIP } from 'node:net'
import type { z } from 'zod'

/**
 * Addresses and ranges (CIDR, RFC 4632 and RFC 4291) parted by commas or spaces, as a setting gives them. A range of everybody is none:
 * it would believe what anybody says of themselves.
 */
export function readProxies(text: string, context: z.RefinementCtx): string[] {
  const proxies = text.split(/[\s,]+/).filter((one) => one !== '')
  const wrong = proxies.find((one) => !isAddressOrRange(one))
  if (wrong !== undefined)
    context.addIssue({
      code: 'custom',
      message: `must be addresses or ranges of proxies, parted by commas, such as 127.0.0.1 or 10.0.0.0/8: “${wrong.slice(0, 60)}” is none`,
    })
  return proxies
}

function isAddressOrRange(text: string): boolean {
  const [, address = '', prefix] = /^([^/]+)(?:\/([1-9]\d{0,2}))?$/.exec(text) ?? []
  const version = address.includes('%') || isMapped(address) ? 0 : isIP(address)
  return version !== 0 && (prefix === undefined || Number(prefix) <= (version === 4 ? 32 : 128))
}

/** An IPv4 address written as one of IPv6 (RFC 4291, section 2.5.5.2): it is given as it is. */
function isMapped(address: string): boolean {
  return isIP(address) === 6 && new URL(`http://[${address}]`).hostname.startsWith('[::ffff:')
}
