import type { PreApprovalRuleRead } from '@keyhook/contract/api/pre-approval-rule.ts'
import { appApi } from '../app-api.ts'
import { useSideRead } from '../query.ts'
import { lengthText } from './access-length.ts'
import { PrincipalIdNames } from './principal-names.tsx'
import classes from './rule-words.module.css'

/** When a rule holds, condition by condition. */
export function RuleWords({ rule }: { rule: PreApprovalRuleRead }) {
  const { user_ids, group_ids, permission_ids, condition, webhook_ids, access_length_seconds, enabled } = rule
  const permissions = useSideRead(appApi.permissionList(rule.app_id), { enabled: permission_ids.length > 0 })
  const labelOf = (id: string) => permissions?.data.find((permission) => permission.id === id)?.label ?? '…'
  const who = [...user_ids, ...group_ids]
  const webhooks = webhook_ids.length
  return (
    <ul className={classes.words}>
      {!enabled && <li>Disabled: it is passed over</li>}
      <li>
        For{' '}
        {who.length === 0 ? (
          'everyone'
        ) : (
          <span className={classes.who}>
            <PrincipalIdNames ids={who} none="" />
          </span>
        )}
      </li>
      <li>{permission_ids.length === 0 ? 'All permissions' : permission_ids.map(labelOf).join(', ')}</li>
      {access_length_seconds !== null && <li>Up to {lengthText(access_length_seconds)}</li>}
      {condition !== null && (
        <li>
          When <code>{condition}</code>
        </li>
      )}
      {webhooks > 0 && (
        <li>{webhooks === 1 ? 'A webhook must say yes' : `${webhooks} webhooks must all say yes`}</li>
      )}
    </ul>
  )
}
