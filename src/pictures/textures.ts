import { type Status, STATUSES } from '../words/status.ts'
import { svgText, type SvgText } from './svg.ts'

/** The side of the square that a texture repeats. */
const TILE = 8

/** What lies over a status's colour, so that it is told without it: nothing, slanted lines, crosses, level lines. */
const TEXTURES: Record<Status, string> = {
  active: '',
  under_review: 'M-2 2L2 -2M-2 10L10 -2M6 10L10 6',
  annulled: 'M2 2L6 6M6 2L2 6',
  reassigned: 'M0 2H8M0 6H8',
}

/**
 * The textures of a picture for `<defs>`: one for each status, and one for the part of it whose beginning is not known to
 * the day, which lets the ground through. Their ids begin with that of the picture.
 */
export function texturePatterns(picture: string): SvgText[] {
  return STATUSES.flatMap((status) => [
    svgText`<pattern id="${textureId(picture, status)}" class="status-${status}" width="${TILE}" height="${TILE}" patternUnits="userSpaceOnUse"><rect class="texture-ground" width="${TILE}" height="${TILE}"/><path class="texture-line" d="${TEXTURES[status]}"/></pattern>`,
    svgText`<pattern id="${impreciseId(picture, status)}" class="status-${status}" width="5" height="8" patternUnits="userSpaceOnUse"><rect class="texture-paper" width="5" height="8"/><path class="texture-bar" d="M1 0V8"/></pattern>`,
  ])
}

/** The value of `fill` for a status in a picture that has the `texturePatterns`. */
export function textureFill(picture: string, status: Status): string {
  return `url(#${textureId(picture, status)})`
}

/** The value of `fill` where only the month or the year is known. */
export function impreciseFill(picture: string, status: Status): string {
  return `url(#${impreciseId(picture, status)})`
}

const MARKS: Record<Status, SvgText> = {
  active: svgText`<circle class="mark-fill" r="4.5"/>`,
  under_review: svgText`<circle class="mark-line" r="3.9"/><path class="mark-fill" d="M0 -4.5A4.5 4.5 0 0 0 0 4.5Z"/>`,
  annulled: svgText`<path class="mark-line" d="M-3.8 -3.8L3.8 3.8M3.8 -3.8L-3.8 3.8"/>`,
  reassigned: svgText`<path class="mark-line" d="M-4.5 -2H4M1.7 -4.3L4 -2L1.7 .3M4.5 2H-4M-1.7 -.3L-4 2L-1.7 4.3"/>`,
}

/** A status's mark, about ten units wide, its centre at a point. */
export function statusMark(status: Status, x: number, y: number): SvgText {
  return svgText`<g class="status-mark" transform="translate(${x} ${y})">${MARKS[status]}</g>`
}

/** A status as a legend shows it before its word: a piece of its colour and texture. It has no ids, so it may be repeated. */
export function statusSwatch(status: Status): SvgText {
  const tiles = [0, 1].map(
    (column) => svgText`<path class="texture-line" transform="translate(${column * TILE} 2)" d="${TEXTURES[status]}"/>`,
  )
  return svgText`<svg viewBox="0 0 16 12" width="16" height="12" class="picture-swatch status-${status}" aria-hidden="true"><rect class="texture-ground" width="16" height="12"/>${tiles}</svg>`
}

function textureId(picture: string, status: Status): string {
  return `${picture}-${status}`
}

function impreciseId(picture: string, status: Status): string {
  return `${picture}-${status}-imprecise`
}
