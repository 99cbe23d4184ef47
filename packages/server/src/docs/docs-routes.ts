import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { FastifyPluginAsync } from 'fastify'
import { notFound } from '../lib/problem-error.ts'
import { renderPage, titleOf } from './markdown-page.ts'

const folder = fileURLToPath(new URL('../../../../docs/', import.meta.url))

/** The pages in the order of the navigation. Only these are served. */
export const docsPages = [
  'getting-started',
  'protocol',
  'api',
  'errors',
  'configuration',
  'operations',
  'security',
] as const

/** `/docs/<page>`: the documentation of this very version, so that links in explanations always fit. */
export const docsRoutes: FastifyPluginAsync = async (app) => {
  const sources = docsPages
    .filter((name) => existsSync(`${folder}${name}.md`))
    .map((name) => ({ name, markdown: readFileSync(`${folder}${name}.md`, 'utf8') }))
  const pages = sources.map(({ name, markdown }) => ({ name, title: titleOf(markdown) }))
  const rendered = new Map<string, string>()
  const open = { config: { public: true }, schema: { hide: true } }

  app.get('/docs', open, (_request, reply) => reply.redirect('/docs/getting-started'))
  app.get<{ Params: { page: string } }>('/docs/:page', open, (request, reply) => {
    const source = sources.find(({ name }) => name === request.params.page)
    if (!source) throw notFound('page')
    const html = rendered.get(source.name) ?? renderPage(source.markdown, source.name, pages)
    rendered.set(source.name, html)
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(html)
  })
}
