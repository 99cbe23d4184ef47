import { noticeKindTable } from '@keyhook/contract/notice-words.ts'
import { NotFound } from '../components/not-found.tsx'
import { NoticePreview } from '../components/notice-preview.tsx'
import { useParam } from '../components/search-params.ts'
import { TemplateForm } from '../forms/template-form.tsx'
import { noticeApi } from '../notice-api.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import classes from './notice-template.module.css'

export function NoticeTemplatePage() {
  const kind = useParam('kind')
  const { data } = useRead(noticeApi.templateList())
  const template = data.find((one) => one.kind === kind)
  if (!template) return <NotFound />
  return (
    <>
      <PageHeader
        title={noticeKindTable[template.kind].label}
        lead="What people read when this is sent."
        back={
          <TextLink to={pb.notices()} search={{ tab: 'templates' }}>
            ← Notices
          </TextLink>
        }
      />
      <div className={classes.columns}>
        <TemplateForm key={kind} template={template} />
        <NoticePreview kind={kind} />
      </div>
    </>
  )
}
