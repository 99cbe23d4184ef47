/** The only place that spells the console's URLs. Search parameters are added where a link is made. */
export const pb = {
  signIn: () => '/sign-in',
  setup: () => '/setup',
  home: () => '/',
  webhooks: () => '/webhooks',
  webhookNew: () => '/webhooks/new',
  webhook: (id: string) => `/webhooks/${encodeURIComponent(id)}`,
  webhookEdit: (id: string) => `/webhooks/${encodeURIComponent(id)}/edit`,
  deliveries: () => '/deliveries',
  delivery: (id: string) => `/deliveries/${encodeURIComponent(id)}`,
  apiKeys: () => '/api-keys',
  sandbox: () => '/sandbox',
} as const

/** Pages that the server serves beside the console: plain links, not routes. */
export const serverPages = {
  protocol: '/docs/protocol',
  apiDocs: '/api/docs',
} as const
