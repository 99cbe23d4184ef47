import type { UseFormReturnType } from '@mantine/form'
import type { AppValues } from './app-values.ts'
import { ApproverSteps } from './approver-steps.tsx'
import classes from './form-sections.module.css'
import { OptionalDurationField } from './optional-duration-field.tsx'

/** Who decides about a request that no rule pre-approved, and what happens when nobody does. */
export function AppApprovalFields({ form }: { form: UseFormReturnType<AppValues> }) {
  const { approvers, remind_after, escalate_after } = form.getValues()
  return (
    <div className={classes.fields}>
      <ApproverSteps
        steps={approvers}
        onChange={(steps) => form.setFieldValue('approvers', steps)}
        errorOf={(path) => form.errors[path]}
        none="No step: a request is approved without asking anybody."
      />
      {approvers.length > 0 && (
        <>
          <OptionalDurationField
            toggle="Remind approvers"
            label="Remind after"
            value={remind_after}
            onChange={(value) => form.setFieldValue('remind_after', value)}
            error={form.errors.remind_after}
          />
          <OptionalDurationField
            toggle="Let the app admins decide when approvers do not"
            label="App admins may decide after"
            value={escalate_after}
            onChange={(value) => form.setFieldValue('escalate_after', value)}
            error={form.errors.escalate_after}
          />
        </>
      )}
    </div>
  )
}
