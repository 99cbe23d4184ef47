import type { NoticeTemplateRead } from '@keyhook/contract/api/notice.ts'
import { noticePlaceholders } from '@keyhook/contract/notice-words.ts'
import { Button, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { noticeActions } from '../notice-api.ts'
import { pb } from '../path-builder.ts'
import { invalidate } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { toast } from '../ui/toast.ts'
import { FormActions } from './form-actions.tsx'
import classes from './form-sections.module.css'
import { useSavingForm } from './use-saving-form.ts'

type Values = { subject: string; intro: string }

/** The words of one kind of notice. */
export function TemplateForm({ template }: { template: NoticeTemplateRead }) {
  const { kind, changed } = template
  const [start] = useState<Values>({ subject: template.subject, intro: template.intro })
  const { form, errors, guard, saving, formProps, settle } = useSavingForm<Values>({
    start,
    fields: ['subject', 'intro'],
    save: async (values) => {
      // Emptied words are those that came with Keyhook again.
      const orNull = (text: string) => (text.trim() === '' ? null : text)
      const saved = await noticeActions.templateChange(kind, {
        subject: orNull(values.subject),
        intro: orNull(values.intro),
      })
      form.setValues({ subject: saved.subject, intro: saved.intro })
      form.resetDirty({ subject: saved.subject, intro: saved.intro })
      settle()
      await invalidate('/notice-templates')
      toast('The words are saved.')
    },
  })

  async function reset() {
    const saved = await noticeActions.templateChange(kind, { subject: null, intro: null })
    form.setValues({ subject: saved.subject, intro: saved.intro })
    form.resetDirty({ subject: saved.subject, intro: saved.intro })
    await invalidate('/notice-templates')
    toast('The words are those that came with Keyhook.')
  }

  return (
    <form {...formProps} className={classes.form}>
      <Card title="Words">
        <div className={classes.fields}>
          <p className={classes.hint}>
            In braces:{' '}
            {noticePlaceholders.map((name, index) => (
              <span key={name}>
                {index > 0 && ', '}
                <code>{`{{${name}}}`}</code>
              </span>
            ))}
            . What is not known for a notice is left out.
          </p>
          <TextInput
            label="Subject"
            autoComplete="off"
            key={form.key('subject')}
            {...form.getInputProps('subject')}
          />
          <Textarea
            label="First sentences"
            description="What it is about, who, and the button come after them."
            autosize
            minRows={3}
            maxRows={12}
            key={form.key('intro')}
            {...form.getInputProps('intro')}
          />
        </div>
      </Card>
      <FormActions
        saving={saving}
        errors={errors}
        guard={guard}
        saveLabel="Save words"
        startAgain={null}
        cancel={
          <>
            <ButtonLink variant="default" to={pb.notices()} search={{ tab: 'templates' }}>
              Back
            </ButtonLink>
            {changed && (
              <Button variant="subtle" onClick={() => void reset().catch(errors.show)}>
                Use the words that came with Keyhook
              </Button>
            )}
          </>
        }
      />
    </form>
  )
}
