/**
 * The spellings of a web address under which the same page may have been recorded: with and without `www.`, a slash at the
 * end, and the `s` of https; what follows `#` says where on the page.
 */
export function addressVariants(url: string): string[] {
  const [, rest = ''] = /^https?:\/\/(?:www\.)?([^#]*)/i.exec(url) ?? []
  if (rest === '') return [url]
  const path = rest.replace(/\/$/, '')
  const all = ['https://', 'http://', 'https://www.', 'http://www.'].flatMap((start) => [
    `${start}${path}`,
    `${start}${path}/`,
  ])
  return [...new Set([url, ...all])]
}
