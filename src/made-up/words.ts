import type { AgreementKind } from '../words/kind.ts'

/** What a made-up register is made of. */
export const STATES =
  'SY RU AE FR CN TR IR QA SA EG JO LB IQ KW OM US GB DE IT ES UA KZ UZ GE AM AZ RS GR CY IL DZ MA TN LY SD ET DJ KE TZ NG NE TD ML CD ZA AO MZ IN PK BD LK MM VN TH MY ID PH KR JP AU PA VE CU BR AR CL PE MX CA PL CZ HU RO BG'.split(
    ' ',
  )

export const SECTORS = [
  'ports',
  'defence',
  'oil and gas',
  'mining',
  'finance',
  'grain',
  'civil aviation',
  'electricity',
  'railways',
  'roads',
  'water',
  'fisheries',
  'telecommunications',
  'health',
  'education',
  'culture',
  'customs',
  'border',
  'justice',
  'taxation',
  'nuclear energy',
  'space',
  'tourism',
  'agriculture',
]

export const KIND_TITLES: Record<AgreementKind, { en: string; ru: string; ar: string }> = {
  treaty: { en: 'Treaty on cooperation in', ru: 'Договор о сотрудничестве в области', ar: 'معاهدة التعاون في مجال' },
  intergovernmental_agreement: { en: 'Agreement on', ru: 'Соглашение о', ar: 'اتفاقية بشأن' },
  protocol: { en: 'Protocol to the agreement on', ru: 'Протокол к соглашению о', ar: 'بروتوكول ملحق باتفاقية' },
  memorandum_of_understanding: {
    en: 'Memorandum of understanding on',
    ru: 'Меморандум о взаимопонимании по',
    ar: 'مذكرة تفاهم حول',
  },
  concession_or_lease: { en: 'Concession for', ru: 'Концессия на', ar: 'امتياز' },
  investment_contract: { en: 'Contract to invest in', ru: 'Контракт об инвестициях в', ar: 'عقد استثمار' },
  loan: { en: 'Loan for', ru: 'Кредит на', ar: 'قرض لتمويل' },
  supply_contract: { en: 'Contract to supply', ru: 'Контракт на поставку', ar: 'عقد توريد' },
}

export const SYLLABLES =
  'al bar da dor fa gha ham hom ka kha la ma mar na qa ra sal sham tar ta us wa ya za bel gor nik vol pet mir lan ter vos'.split(
    ' ',
  )
export const ARABIC_SYLLABLES = 'ال بر دا دور فا غا حم حم كا خا لا ما مر نا قا را سل شام طر تا وس وا يا زا'.split(' ')
export const COMPANY_FORMS = [
  'Engineering',
  'Holding',
  'Ports',
  'Energy',
  'Resources',
  'Shipping',
  'Construction',
  'Bank',
  'Mining',
  'Logistics',
]
export const PLACE_WORDS = ['port', 'naval base', 'air base', 'mine', 'plant', 'oil and gas block', 'city']
export const PUBLISHERS = [
  'Daily Register',
  'Gulf Courier',
  'Вестник договоров',
  'صحيفة الموانئ',
  'Harbour Times',
  'Official Gazette',
  'Energy Monitor',
  'Le Courrier du Port',
]
export const SPEAKERS = [
  'The foreign minister',
  'The port authority',
  'A spokesman of the company',
  'The ministry of energy',
  'Official gazette',
  'Министерство иностранных дел',
  'وزارة الخارجية',
  'The head of customs',
]
export const REASONS = [
  'Announced after the meeting of the commission.',
  'The contract’s notice period has ended.',
  'Both sides confirmed it in writing.',
  'The operator was replaced by tender.',
  'Review opened by decree.',
]
