import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { resourceTypes, schemas, serviceProviderConfig } from './discovery.ts'
import { listResponse } from './list.ts'
import { ScimError } from './scim-error.ts'

type Named = { Params: { id: string } }

/** `/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas`. */
export function discoveryRoutes(ctx: Context): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    const config = async () => serviceProviderConfig(ctx.baseUrl())
    app.get('/ServiceProviderConfig', config)
    // The name of it in the collection of requests that Microsoft publishes.
    app.get('/serviceConfiguration', config)

    serve('/ResourceTypes', resourceTypes)
    serve('/Schemas', schemas)

    function serve(path: string, documents: (baseUrl: string) => readonly Record<string, unknown>[]): void {
      app.get(path, async (request) => {
        refuseFilter(request)
        const all = documents(ctx.baseUrl())
        return listResponse(all, all.length, 1)
      })
      app.get<Named>(`${path}/:id`, async ({ params: { id } }) => {
        const wanted = id.toLowerCase()
        const document = documents(ctx.baseUrl()).find((one) => String(one.id).toLowerCase() === wanted)
        if (!document) throw new ScimError(404, null, `There is no ${id} in ${path}.`)
        return document
      })
    }
  }
}

/** RFC 7644, 4: these lists are not filtered, and a filter is refused rather than ignored. */
function refuseFilter({ query }: FastifyRequest): void {
  if (Object.hasOwn(query as object, 'filter'))
    throw new ScimError(403, null, 'This list cannot be filtered.')
}
