/**
 * What everything that is shown follows from, as one text: the newest change with its hash, and the day up to which positions were brought into
 * effect. A day that begins makes no change where nobody recorded one for it, and yet what is contested may follow from it.
 */
export const STATE = `select coalesce((select id || ' ' || hash from changes order by id desc limit 1), '') || ' ' ||
  coalesce((select value from settings where key = 'in_effect_until'), '') as state`
