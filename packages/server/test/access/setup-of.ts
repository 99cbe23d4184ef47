/** An app as the pure rules take it, by the members that the API takes. */
import { appCreate, permissionCreate } from '@keyhook/contract/api/app.ts'
import { preApprovalRuleCreate } from '@keyhook/contract/api/pre-approval-rule.ts'
import type { AppSetup } from '../../src/apps/app-store.ts'

type Parts = {
  app?: object
  permissions?: Record<string, object>
  rules?: Record<string, object>
  admins?: string[]
  archived?: string[]
}

const at = { version: 1, created_at: new Date(0), updated_at: new Date(0) }

/** Ids of 32 digits that end in these. */
export const idOf = (prefix: string, digits: string) => `${prefix}_${digits.padStart(32, '0')}`

/** Permissions and rules by their ids. */
export function setupOf({
  app = {},
  permissions = {},
  rules = {},
  admins = [],
  archived = [],
}: Parts): AppSetup {
  const {
    name,
    app_id: _a,
    instance_id: _i,
    description,
    icon,
    category,
    owner_id,
    admins: _m,
    ...settings
  } = appCreate.parse({ name: 'Ledger', ...app })
  return {
    app: {
      id: 'app_1',
      slug: 'ledger',
      instance_id: 'ledger-1',
      ...{ name, description, icon, category, owner_id, settings, archived_at: null },
      ...at,
    },
    permissions: Object.entries(permissions).map(([id, wanted]) => {
      const { value, ...read } = permissionCreate.parse({ label: id, ...wanted })
      const archived_at = archived.includes(id) ? new Date(0) : null
      return { id, app_id: 'app_1', value: value ?? read.label, ...read, archived_at, ...at }
    }),
    rules: Object.entries(rules).map(([id, wanted], index) => {
      const {
        name: label,
        enabled,
        position: _p,
        ...rest
      } = preApprovalRuleCreate.parse({ name: id, ...wanted })
      return { id, app_id: 'app_1', position: index, name: label, enabled, settings: rest, ...at }
    }),
    adminIds: admins,
  }
}
