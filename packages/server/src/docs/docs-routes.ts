import { fileURLToPath } from 'node:url'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { nameOf, readPages, readPictures } from './docs-files.ts'
import { docsPage } from './docs-page.ts'
import { renderMarkdown } from './markdown.ts'

export const docsFolder = fileURLToPath(new URL('../../../../docs/', import.meta.url))

/** The pages of the navigation, in its order; decision records are reached from the page about the architecture. */
export const navigation = [
  '',
  'getting-started',
  'requesting',
  'protocol',
  'api',
  'authentication',
  'conditions',
  'apps',
  'access-requests',
  'directory',
  'scim',
  'access-reviews',
  'offboarding',
  'notices',
  'activity-log',
  'event-types',
  'siem-streams',
  'siem-formats',
  'siem-ocsf',
  'siem-splunk',
  'siem-datadog',
  'siem-sentinel',
  'siem-collectors',
  'errors',
  'configuration',
  'operations',
  'security',
  'performance',
  'architecture',
] as const

type Site = {
  readonly html: ReadonlyMap<string, string>
  readonly missing: string
  readonly pictures: ReturnType<typeof readPictures>
}

let rendered: Site | null = null

/** All pages, made when the first is asked for: a start does not wait for what is seldom read. */
function site(): Site {
  rendered ??= renderSite()
  return rendered
}

function renderSite(): Site {
  const pages = new Map(
    readPages(docsFolder).map(({ name, markdown }) => [name, renderMarkdown(markdown, name)] as const),
  )
  const links = navigation.flatMap((name) => {
    const page = pages.get(name)
    return page ? [{ name, title: page.title }] : []
  })
  return {
    html: new Map([...pages].map(([name, page]) => [name, docsPage(page, name, links)])),
    missing: docsPage(renderMarkdown('# There is no such page', ''), null, links),
    pictures: readPictures(docsFolder),
  }
}

/** `/docs/<page>`: the documentation of this very version, so that links in explanations always fit. */
export const docsRoutes: FastifyPluginAsync = async (app) => {
  const open = { config: { public: true }, schema: { hide: true } }

  const page = (name: string, reply: FastifyReply) => {
    const { html, missing } = site()
    const known = html.get(name)
    return reply
      .code(known === undefined ? 404 : 200)
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(known ?? missing)
  }

  app.get('/docs', open, (_request, reply) => page('', reply))
  app.get<{ Params: { '*': string } }>('/docs/*', open, (request, reply) => {
    const name = request.params['*']
    const picture = site().pictures.get(name)
    if (picture) return reply.type('image/png').header('cache-control', 'no-cache').send(picture)
    return page(nameOf(name.replace(/\/$/, '')), reply)
  })
}
