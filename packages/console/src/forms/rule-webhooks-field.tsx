import { MultiSelect, NativeSelect } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { api } from '../api.ts'
import { appApi } from '../app-api.ts'
import { webhookNames } from '../components/chain-words.ts'
import { pb } from '../path-builder.ts'
import { useRead, useSideRead } from '../query.ts'
import { TextLink } from '../ui/links.tsx'
import classes from './form-sections.module.css'
import type { RuleValues } from './rule-values.ts'

const type = 'pre_approval'
const policies = [
  { value: 'ask_approvers', label: 'The rule does not hold: the next one is looked at, then approvers' },
  { value: 'refuse', label: 'The request is refused: try again later' },
]

/** Which webhooks must say yes for a rule to hold. */
export function RuleWebhooksField({ form, appId }: { form: UseFormReturnType<RuleValues>; appId: string }) {
  const { role } = useRead(api.me())
  const admin = role === 'admin'
  const list = useSideRead(api.webhookList({ limit: 200, type }), { enabled: admin })
  const chain = useSideRead(appApi.appChain(appId), { enabled: !admin })
  const names = chain ? webhookNames(chain) : null
  const { webhook_ids } = form.getValues()
  const choices = (list?.data ?? []).map(({ id, name, enabled }) => ({
    value: id,
    label: enabled ? name : `${name} (disabled)`,
  }))
  for (const id of webhook_ids) {
    if (!choices.some(({ value }) => value === id))
      choices.push({
        value: id,
        label: names?.get(id) ?? (list || names ? 'A webhook that is not there any more' : '…'),
      })
  }

  return (
    <div className={classes.nested}>
      <MultiSelect
        label="Pre-approval webhooks"
        description={
          admin
            ? 'Asked at the same time; all must say yes. None: the conditions above are enough.'
            : 'Asked at the same time; all must say yes. Administrators choose them.'
        }
        data={choices}
        value={webhook_ids}
        onChange={(ids) => form.setFieldValue('webhook_ids', ids)}
        searchable
        hidePickedOptions
        maxValues={10}
        disabled={!admin}
        nothingFoundMessage="No pre-approval webhook of that name."
        error={form.errors.webhook_ids}
      />
      {admin && list?.data.length === 0 && (
        <p className={classes.hint}>
          There is no pre-approval webhook yet.{' '}
          <TextLink to={pb.webhookNew()} search={{ type }}>
            Add one
          </TextLink>
        </p>
      )}
      {webhook_ids.length > 0 && (
        <NativeSelect
          label="When a webhook fails"
          data={policies}
          key={form.key('failure_policy')}
          {...form.getInputProps('failure_policy')}
        />
      )}
    </div>
  )
}
