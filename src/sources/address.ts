/**
 * An address as it is stored: scheme and host in small letters, which mean the same (RFC 3986, 6.2.2.1); the rest as it was
 * typed.
 */
export function canonicalAddress(url: string): string {
  return url.replace(/^https?:\/\/[^/?#]*/i, (start) => start.toLowerCase())
}

/**
 * The spellings of a web address under which the same page may have been recorded: with and without `www.`, a slash at the
 * end, and the `s` of https. What follows `#` says where on the page, and is left out.
 */
export function addressVariants(url: string): string[] {
  const [, rest = ''] = /^https?:\/\/(?:www\.)?([^#]*)/.exec(canonicalAddress(url)) ?? []
  if (rest === '') return [url]
  const path = rest.replace(/\/$/, '')
  const starts = ['https://', 'http://', 'https://www.', 'http://www.']
  return starts.flatMap((start) => [`${start}${path}`, `${start}${path}/`])
}
