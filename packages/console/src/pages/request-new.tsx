import { Anchor } from '@mantine/core'
import { accessApi } from '../access-api.ts'
import { useId, useSearchAs } from '../components/search-params.ts'
import { RequestForm } from '../forms/request-form.tsx'
import { pb } from '../path-builder.ts'
import { useRead, useSideRead } from '../query.ts'
import { AppIcon } from '../ui/app-icon.tsx'
import { TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { requestNewSearch } from './request-new-search.ts'

/** Asks for access to one app. */
export function RequestNewPage() {
  const id = useId()
  const { again } = useSearchAs(requestNewSearch)
  const entry = useRead(accessApi.catalogueView(id))
  // The loader has fetched it; one that cannot be read any more fills in nothing.
  const before = useSideRead(accessApi.requestView(again ?? ''), { enabled: again !== undefined })
  const { name, icon, description, owner } = entry

  return (
    <>
      <PageHeader
        title={`Ask for ${name}`}
        icon={<AppIcon name={name} icon={icon} />}
        back={<TextLink to={pb.catalogue()}>← Catalogue</TextLink>}
        lead={
          <>
            {description}
            {owner && (
              <div>
                Questions about it:{' '}
                <Anchor href={`mailto:${owner.email}`} inherit>
                  {owner.name}
                </Anchor>
              </div>
            )}
          </>
        }
      />
      <RequestForm key={id} entry={entry} before={before?.app.id === id ? before : null} />
    </>
  )
}
