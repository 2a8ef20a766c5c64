/** The agreements of the story by the references that the register gives them. */
export const PORT = 'RUS-SYR-2019-1'
export const BASE = 'RUS-SYR-2017-2'
export const MEMORANDUM = 'ARE-SYR-2025-1'
export const CONCESSION = 'ARE-SYR-2025-2'
export const FERTILISER = 'RUS-SYR-2018-1'
export const LATAKIA = 'FRA-SYR-2009-1'

/** Between Russia and Syria: on foreign policy and defence, and contracts of companies. */
export const SECURITY = ['RUS-SUN-SYR-1980-1', 'RUS-SYR-2015-1', 'RUS-SYR-2017-1', BASE, 'RUS-SYR-2020-1']
export const ECONOMY = ['RUS-SYR-2019-2', 'RUS-SYR-2019-3', 'RUS-SYR-2021-1', 'RUS-SYR-ND-1']

/** What the contract was before anybody spoke of its end; the summary of `seeds/` tells how it ended. */
export const FIRST_SUMMARY =
  'Handed the running and upgrading of Tartus commercial port to a Russian firm for 49 years against a promised investment.'

/** The same by their keys in `seeds/`. */
export const PORT_KEY = 'ru-sy-2019-tartus-commercial-port'
export const BASE_KEY = 'ru-sy-2017-tartus-naval'
export const CONCESSION_KEY = 'ae-sy-2025-tartus-concession'
export const LATAKIA_KEY = 'fr-sy-2009-latakia-terminal'
export const FERTILISER_KEY = 'ru-sy-2018-homs-fertiliser'
