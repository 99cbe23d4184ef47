/**
 * Who may call what: the one table of it. Routes name their operation (`operationId`); an operation that is not here does
 * not start. Pure.
 */

/**
 * The least that a caller must be.
 * - `admin`: an administrator, or an API key.
 * - `app_admin`: also the app admins of the app that it is about; the route asks which app that is.
 * - `person`: everyone who is signed in; the route shows and changes only what is theirs.
 */
export type Level = 'admin' | 'app_admin' | 'person'

/** The level of each operation by its `operationId`. Public operations (health, sign-in, callbacks) have none. */
export const operationTable: Readonly<Record<string, Level>> = {
  getMe: 'person',
  getServer: 'person',

  createScimToken: 'admin',
  listScimTokens: 'admin',
  revokeScimToken: 'admin',
  createApiKey: 'admin',
  listApiKeys: 'admin',
  revokeApiKey: 'admin',
  rotateSecrets: 'admin',

  listUsers: 'admin',
  createUser: 'admin',
  importUsers: 'admin',
  getUser: 'admin',
  changeUser: 'admin',
  inviteUser: 'admin',
  searchPeople: 'person',
  listPrincipals: 'person',
  changePassword: 'person',
  listGroups: 'admin',
  createGroup: 'admin',
  getGroup: 'admin',
  changeGroup: 'admin',
  deleteGroup: 'admin',
  listGroupMembers: 'admin',
  addGroupMember: 'admin',
  removeGroupMember: 'admin',

  createWebhook: 'admin',
  listWebhooks: 'admin',
  getWebhook: 'admin',
  changeWebhook: 'admin',
  deleteWebhook: 'admin',
  rotateSigningSecret: 'admin',
  resetCircuit: 'admin',
  getWebhookStats: 'admin',
  testUnsavedWebhook: 'admin',
  testWebhook: 'admin',
  invokeWebhook: 'admin',
  previewCondition: 'admin',
  listDeliveries: 'admin',
  getDelivery: 'admin',
  retryDelivery: 'admin',
  retryDeliveries: 'admin',

  listEvents: 'admin',
  getEvent: 'admin',
  appendEvent: 'admin',
  appendEvents: 'admin',
  exportEvents: 'admin',
  getLog: 'admin',
  readLogKey: 'admin',

  createApp: 'admin',
  listApps: 'app_admin',
  getApp: 'app_admin',
  changeApp: 'app_admin',
  archiveApp: 'admin',
  createPermission: 'app_admin',
  listPermissions: 'app_admin',
  getPermission: 'app_admin',
  changePermission: 'app_admin',
  archivePermission: 'app_admin',
  createPreApprovalRule: 'app_admin',
  listPreApprovalRules: 'app_admin',
  getPreApprovalRule: 'app_admin',
  changePreApprovalRule: 'app_admin',
  deletePreApprovalRule: 'app_admin',
  getChain: 'app_admin',
  simulateRequest: 'app_admin',
  listCatalogue: 'person',
  getCatalogueEntry: 'person',

  createAccessRequest: 'person',
  checkAccessRequest: 'person',
  listAccessRequests: 'person',
  getAccessRequest: 'person',
  approveAccessRequest: 'person',
  denyAccessRequest: 'person',
  cancelAccessRequest: 'person',
  listTasks: 'person',
  getTask: 'person',
  completeTask: 'person',
  sendTaskAgain: 'person',
  listGrants: 'person',
  getGrant: 'person',
  revokeGrant: 'app_admin',
  extendGrant: 'person',

  reportLastUsed: 'admin',
  importLastUsed: 'admin',

  offboardUser: 'admin',
  listOffboardings: 'admin',
  getOffboarding: 'admin',

  getInbox: 'person',
  listAccessReviews: 'person',
  createAccessReview: 'admin',
  getAccessReview: 'person',
  changeAccessReview: 'admin',
  closeAccessReview: 'admin',
  cancelAccessReview: 'admin',
  listReviewItems: 'person',
  decideReviewItem: 'person',
  decideReviewItems: 'person',
  getReviewReport: 'admin',

  getSandbox: 'admin',
  clearSandboxRequests: 'admin',
}
