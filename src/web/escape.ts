const SPECIAL = /[&<>"']/
const EACH = /[&<>"']/g
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' }

/** A value as text inside HTML and quoted attributes; nothing for null and undefined. Most texts have nothing to escape: one look tells. */
export function escapeHtml(value: string | number | boolean | null | undefined): string {
  if (value === undefined || value === null) return ''
  const text = typeof value === 'string' ? value : String(value)
  return SPECIAL.test(text) ? text.replace(EACH, (sign) => ENTITIES[sign] ?? sign) : text
}
