import type { AppRead } from '@keyhook/contract/api/app.ts'
import type { PreApprovalRuleRead } from '@keyhook/contract/api/pre-approval-rule.ts'
import { Switch } from '@mantine/core'
import { IconBolt, IconPlus } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { sentenceOf } from '../api-error.ts'
import { appActions, appApi } from '../app-api.ts'
import { pb } from '../path-builder.ts'
import { invalidate, useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { MoveButtons } from '../ui/move-buttons.tsx'
import { toast, toastError } from '../ui/toast.ts'
import classes from './app-rules.module.css'
import { RuleWords } from './rule-words.tsx'

/** The pre-approval rules of an app in their order, which can be changed here. */
export function AppRules({ app }: { app: AppRead }) {
  const { data: rules } = useRead(appApi.ruleList(app.id))
  const change = useMutation({
    mutationFn: ({
      rule,
      to,
    }: {
      rule: PreApprovalRuleRead
      to: { position: number } | { enabled: boolean }
    }) => appActions.ruleChange(app.id, rule.id, to),
    onSuccess: async (_answer, { rule, to }) => {
      await invalidate(`/apps/${app.id}`)
      if ('enabled' in to) toast(`${rule.name} is ${to.enabled ? 'enabled' : 'disabled'}.`)
    },
    onError: (error) => toastError(sentenceOf(error)),
  })
  const add = !app.archived && (
    <ButtonLink size="xs" to={pb.ruleNew(app.id)} leftSection={<IconPlus size={15} />}>
      Add rule
    </ButtonLink>
  )

  if (rules.length === 0) {
    return (
      <Card>
        <EmptyState icon={<IconBolt size={28} />} title="No pre-approval rules yet" actions={add}>
          A rule gives access without asking anybody, when all its conditions hold: who asks, for what, for
          how long, and what a webhook says.
        </EmptyState>
      </Card>
    )
  }
  return (
    <Card title="Pre-approval rules" aside={add} flush>
      <p className={classes.lead}>
        They are looked at in this order. The first whose conditions all hold pre-approves the request; when
        none does, the approvers are asked.
      </p>
      <ol className={classes.rules} aria-label="Pre-approval rules">
        {rules.map((rule, index) => (
          <li key={rule.id} className={classes.rule} data-disabled={!rule.enabled || undefined}>
            <span className={classes.number} aria-hidden="true">
              {index + 1}
            </span>
            <div className={classes.words}>
              <TextLink to={pb.rule(app.id, rule.id)} className={classes.name ?? ''}>
                {rule.name}
              </TextLink>
              <RuleWords rule={rule} />
            </div>
            <div className={classes.actions}>
              <Switch
                aria-label={`${rule.name} is enabled`}
                checked={rule.enabled}
                disabled={change.isPending}
                onChange={(event) => change.mutate({ rule, to: { enabled: event.currentTarget.checked } })}
              />
              <MoveButtons
                what={rule.name}
                index={index}
                count={rules.length}
                onMove={(position) => change.mutate({ rule, to: { position } })}
              />
            </div>
          </li>
        ))}
      </ol>
    </Card>
  )
}
