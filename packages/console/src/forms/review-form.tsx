import { type ReviewerType, reviewerTypes } from '@keyhook/contract/access-words.ts'
import { Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import { pb } from '../path-builder.ts'
import { Card } from '../ui/card.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { AppPicker } from './app-picker.tsx'
import { FormActions } from './form-actions.tsx'
import classes from './form-sections.module.css'
import { PrincipalPicker } from './principal-picker.tsx'
import styles from './review-form.module.css'
import { ReviewPreview } from './review-preview.tsx'
import { ReviewNameFields, ReviewScheduleFields } from './review-schedule-fields.tsx'
import { newReviewValues, type ReviewValues, reviewAliases, reviewFields } from './review-values.ts'
import { useSavingForm } from './use-saving-form.ts'

const reviewers: Readonly<Record<ReviewerType, string>> = {
  manager: 'The manager of each person',
  app_admins: 'The app admins of each app',
  named: 'Users and groups by name',
}

/** Which access is to be reviewed, by whom and until when; how much that is is counted beside it. */
export function ReviewForm({ save }: { save: (values: ReviewValues) => Promise<void> }) {
  const [start] = useState(() => newReviewValues(new Date()))
  const { form, errors, guard, saving, formProps } = useSavingForm<ReviewValues>({
    start,
    fields: reviewFields,
    aliases: reviewAliases,
    save,
  })
  const values = form.getValues()

  return (
    <form {...formProps} className={styles.layout}>
      <div className={styles.fields}>
        <Card title="1. The review">
          <ReviewNameFields form={form} />
        </Card>
        <Card title="2. Which access">
          <div className={classes.fields}>
            <AppPicker
              label="Apps"
              description="None chosen: all apps."
              value={values.app_ids}
              onChange={(ids) => form.setFieldValue('app_ids', ids)}
              error={form.errors.app_ids}
            />
            <PrincipalPicker
              label="Users and groups"
              description="Whose access. None chosen: everybody’s."
              value={values.principal_ids}
              onChange={(ids) => form.setFieldValue('principal_ids', ids)}
              error={form.errors.principal_ids}
            />
          </div>
        </Card>
        <Card title="3. Who decides">
          <div className={classes.fields}>
            <Radio.Group
              aria-label="Who decides"
              value={values.reviewers.type}
              onChange={(type) => form.setFieldValue('reviewers.type', type as ReviewerType)}
              error={form.errors['reviewers.type']}
            >
              <Stack gap={10}>
                {reviewerTypes.map((value) => (
                  <Radio key={value} value={value} label={reviewers[value]} />
                ))}
              </Stack>
            </Radio.Group>
            {values.reviewers.type === 'named' && (
              <PrincipalPicker
                label="Reviewers"
                value={values.reviewers.principal_ids}
                onChange={(ids) => form.setFieldValue('reviewers.principal_ids', ids)}
                error={form.errors['reviewers.principal_ids']}
                most={50}
              />
            )}
            <p className={classes.hint}>
              Nobody reviews their own access. What has no reviewer goes to the app admins, else to the
              administrators.
            </p>
          </div>
        </Card>
        <Card title="4. Until when">
          <ReviewScheduleFields form={form} />
        </Card>
      </div>
      <div className={styles.aside}>
        <ReviewPreview values={values} />
      </div>
      <div className={styles.actions}>
        <FormActions
          saving={saving}
          errors={errors}
          guard={guard}
          saveLabel="Start review"
          startAgain={null}
          cancel={
            <ButtonLink variant="default" to={pb.reviews()}>
              Cancel
            </ButtonLink>
          }
        />
      </div>
    </form>
  )
}
