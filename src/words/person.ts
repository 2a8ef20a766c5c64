/** Whether somebody sees the names of the people who acted on the register, or not. */
export type Names = 'shown' | 'hidden'

/** What a person who acted is called where names are hidden. */
export const NAMELESS = 'an analyst'

/** What a history says above itself where they are. */
export const NAMES_ARE_HIDDEN = 'Who did what, and what was done to accounts, is shown to those who are logged in.'
