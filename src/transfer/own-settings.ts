/** Settings that belong to a database, not to the register in it. */
export const OWN_SETTINGS = ['writer', 'rebuild', 'incoming', 'clock_accepted']
