/** The people, groups, webhooks and apps of the demo: Northwind Labs, a company that does not exist. */

export const demoPeople = [
  {
    key: 'maya',
    given_name: 'Maya',
    family_name: 'Okafor',
    title: 'Chief executive',
    department: 'Management',
    manager: null,
  },
  {
    key: 'jonas',
    given_name: 'Jonas',
    family_name: 'Lindqvist',
    title: 'Head of engineering',
    department: 'Engineering',
    manager: 'maya',
  },
  {
    key: 'priya',
    given_name: 'Priya',
    family_name: 'Raman',
    title: 'Head of sales',
    department: 'Sales',
    manager: 'maya',
  },
  {
    key: 'tomas',
    given_name: 'Tomás',
    family_name: 'Herrera',
    title: 'IT operations',
    department: 'IT',
    manager: 'maya',
  },
  {
    key: 'ines',
    given_name: 'Inês',
    family_name: 'Carvalho',
    title: 'Backend engineer',
    department: 'Engineering',
    manager: 'jonas',
  },
  {
    key: 'kofi',
    given_name: 'Kofi',
    family_name: 'Mensah',
    title: 'Site reliability engineer',
    department: 'Engineering',
    manager: 'jonas',
  },
  {
    key: 'lena',
    given_name: 'Lena',
    family_name: 'Vogel',
    title: 'Account executive',
    department: 'Sales',
    manager: 'priya',
  },
  {
    key: 'sam',
    given_name: 'Sam',
    family_name: 'Whitaker',
    title: 'Sales operations',
    department: 'Sales',
    manager: 'priya',
  },
  {
    key: 'yuki',
    given_name: 'Yuki',
    family_name: 'Tanaka',
    title: 'Data analyst',
    department: 'Finance',
    manager: 'maya',
  },
  {
    key: 'omar',
    given_name: 'Omar',
    family_name: 'Haddad',
    title: 'Contractor',
    department: 'Engineering',
    manager: 'jonas',
  },
] as const

export type DemoPerson = (typeof demoPeople)[number]['key']

export const demoGroups: readonly { key: string; name: string; members: readonly DemoPerson[] }[] = [
  { key: 'engineering', name: 'Engineering', members: ['jonas', 'ines', 'kofi', 'omar'] },
  { key: 'sales', name: 'Sales', members: ['priya', 'lena', 'sam'] },
  { key: 'it', name: 'IT operations', members: ['tomas'] },
]

/** Webhooks by what the sandbox answers (see the Sandbox page). */
export const demoWebhooks = [
  { key: 'check', type: 'request_validation', name: 'Training is done', behaviour: 'right' },
  { key: 'check_no', type: 'request_validation', name: 'Cost centre is known', behaviour: 'false' },
  { key: 'check_slow', type: 'request_validation', name: 'Background check', behaviour: 'hang' },
  { key: 'on_call', type: 'pre_approval', name: 'Is on call', behaviour: 'right' },
  { key: 'pre_slow', type: 'pre_approval', name: 'Asks the HR system', behaviour: 'hang' },
  { key: 'give', type: 'provisioning', name: 'Adds to the team', behaviour: 'right' },
  { key: 'give_broken', type: 'provisioning', name: 'Orders a licence', behaviour: 'server-error' },
  { key: 'give_slow', type: 'provisioning', name: 'Runs the account flow', behaviour: 'hang' },
  { key: 'take', type: 'deprovisioning', name: 'Removes from the team', behaviour: 'right' },
  { key: 'take_slow', type: 'deprovisioning', name: 'Closes the account', behaviour: 'hang' },
] as const

export type DemoWebhook = (typeof demoWebhooks)[number]['key']

type DemoApp = {
  key: string
  name: string
  icon: string
  category: string
  description: string
  admins: readonly DemoPerson[]
  permissions: readonly { label: string; description?: string }[]
  webhooks: Partial<Record<'request_validation' | 'provisioning' | 'deprovisioning', DemoWebhook>>
  settings?: Record<string, unknown>
}

const day = 86_400
const manager = [{ type: 'manager' }]

export const demoApps = [
  {
    key: 'cloud',
    name: 'Cloud console',
    icon: '☁️',
    category: 'Engineering',
    description: 'The accounts in which our services run.',
    admins: ['kofi'],
    permissions: [
      { label: 'Read only', description: 'Look at resources and logs' },
      { label: 'Production operator', description: 'Restart and scale services' },
    ],
    webhooks: { request_validation: 'check', provisioning: 'give', deprovisioning: 'take' },
    settings: {
      approvers: [{ type: 'manager' }, { type: 'app_admins' }],
      access_lengths_seconds: [day, 7 * day, 30 * day],
      intake_fields: [
        { label: 'Environment', type: 'choice', required: true, options: ['Staging', 'Production'] },
        {
          label: 'Change ticket',
          type: 'text',
          help_text: 'Needed for production',
          shown_when: 'payload.custom_fields["Environment"] == "Production"',
          required: true,
        },
      ],
    },
  },
  {
    key: 'crm',
    name: 'Customer database',
    icon: '📇',
    category: 'Sales',
    description: 'Customers, deals and contracts.',
    admins: ['sam'],
    permissions: [{ label: 'Sales user' }, { label: 'Report builder' }],
    webhooks: { provisioning: 'give', deprovisioning: 'take' },
    settings: { approvers: manager },
  },
  {
    key: 'design',
    name: 'Design studio',
    icon: '🎨',
    category: 'Tools',
    description: 'Licences are bought one by one.',
    admins: ['tomas'],
    permissions: [{ label: 'Editor' }],
    webhooks: { provisioning: 'give_broken' },
    settings: { approvers: [] },
  },
  {
    key: 'payroll',
    name: 'Payroll',
    icon: '💶',
    category: 'Finance',
    description: 'Salaries. Every request is checked against the cost centres.',
    admins: ['maya'],
    permissions: [{ label: 'Viewer' }],
    webhooks: { request_validation: 'check_no' },
    settings: { approvers: manager },
  },
  {
    key: 'vault',
    name: 'Password vault',
    icon: '🔐',
    category: 'Tools',
    description: 'Shared passwords of the teams.',
    admins: ['tomas'],
    permissions: [{ label: 'Member' }, { label: 'Team owner' }],
    webhooks: { deprovisioning: 'take_slow' },
    settings: { approvers: [] },
  },
  {
    key: 'lab',
    name: 'Security lab',
    icon: '🧪',
    category: 'Engineering',
    description: 'Behind a background check that takes its time.',
    admins: ['kofi'],
    permissions: [{ label: 'Visitor' }],
    webhooks: { request_validation: 'check_slow' },
    settings: { approvers: manager },
  },
  {
    key: 'erp',
    name: 'Purchasing',
    icon: '🧾',
    category: 'Finance',
    description: 'Orders and invoices.',
    admins: ['yuki'],
    permissions: [{ label: 'Buyer' }],
    webhooks: { provisioning: 'give_slow' },
    settings: { approvers: [] },
  },
  {
    key: 'wiki',
    name: 'Handbook',
    icon: '📘',
    category: 'Tools',
    description: 'How we work.',
    admins: ['tomas'],
    permissions: [{ label: 'Author' }],
    webhooks: {},
    settings: { approvers: manager },
  },
] as const satisfies readonly DemoApp[]

export type DemoAppKey = (typeof demoApps)[number]['key']
