/** The schemas of RFC 7643 that we publish and read by. Their attributes come from scimmy. Pure. */
import SCIMMY from 'scimmy'

export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group'

/** An attribute as `/Schemas` shows it. */
export type Attribute = {
  name: string
  type: 'string' | 'boolean' | 'complex' | 'reference'
  multiValued: boolean
  required: boolean
  mutability: 'readWrite' | 'readOnly' | 'immutable'
  returned: 'default' | 'always' | 'request'
  subAttributes?: Attribute[]
  [characteristic: string]: unknown
}

export type SchemaDocument = {
  schemas: string[]
  id: string
  name: string
  description: string
  attributes: Attribute[]
}

/** How resources of one type are read: attributes by their name in lower case. */
export type ResourceSchema = {
  type: 'User' | 'Group'
  urn: string
  attributes: ReadonlyMap<string, Attribute>
  /** By their URN in lower case. */
  extensions: ReadonlyMap<string, { urn: string; attributes: ReadonlyMap<string, Attribute> }>
}

/** Secrets are not ours to hold, and certificates have no use here: both are left out, and ignored when they are sent. */
const leftOut = ['password', 'x509Certificates']

const userDocument = documentOf(SCIMMY.Schemas.User.definition.describe(), (attribute) => {
  if (attribute.name === 'userName') return { ...attribute, required: true, uniqueness: 'server' }
  // Memberships change without the user, and may be many.
  if (attribute.name === 'groups') return { ...attribute, mutability: 'readOnly', returned: 'request' }
  return attribute
})
const enterpriseDocument = documentOf(SCIMMY.Schemas.EnterpriseUser.definition.describe())
const groupDocument = documentOf(SCIMMY.Schemas.Group.definition.describe(), (attribute) =>
  attribute.name === 'displayName' ? { ...attribute, uniqueness: 'server' } : attribute,
)

export const schemaDocuments: readonly SchemaDocument[] = [userDocument, enterpriseDocument, groupDocument]

export const userSchema: ResourceSchema = {
  type: 'User',
  urn: userUrn,
  attributes: attributesByName([...commonAttributes(), ...userDocument.attributes]),
  extensions: new Map([
    [
      enterpriseUrn.toLowerCase(),
      { urn: enterpriseUrn, attributes: attributesByName(enterpriseDocument.attributes) },
    ],
  ]),
}

export const groupSchema: ResourceSchema = {
  type: 'Group',
  urn: groupUrn,
  attributes: attributesByName([...commonAttributes(), ...groupDocument.attributes]),
  extensions: new Map(),
}

/** The attribute's part of this name; letter case does not count. */
export function subAttributeOf(attribute: Attribute, name: string): Attribute | null {
  const wanted = name.toLowerCase()
  return attribute.subAttributes?.find((sub) => sub.name.toLowerCase() === wanted) ?? null
}

/** Plain data: what scimmy describes is made of its own objects. */
function documentOf(described: unknown, change = (attribute: Attribute) => attribute): SchemaDocument {
  const { id, name, description, attributes } = JSON.parse(JSON.stringify(described)) as SchemaDocument
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id,
    name,
    description,
    attributes: attributes.filter((attribute) => !leftOut.includes(attribute.name)).map(change),
  }
}

function attributesByName(attributes: readonly Attribute[]): ReadonlyMap<string, Attribute> {
  return new Map(attributes.map((attribute) => [attribute.name.toLowerCase(), attribute]))
}

/** Those of every resource (RFC 7643, 3.1), which no schema lists. */
function commonAttributes(): Attribute[] {
  const plain = { type: 'string', multiValued: false, required: false, returned: 'default' } as const
  return [
    { ...plain, name: 'id', mutability: 'readOnly', returned: 'always' },
    { ...plain, name: 'externalId', mutability: 'readWrite' },
    { ...plain, name: 'schemas', multiValued: true, mutability: 'readOnly', returned: 'always' },
    {
      ...plain,
      name: 'meta',
      type: 'complex',
      mutability: 'readOnly',
      subAttributes: ['resourceType', 'created', 'lastModified', 'location', 'version'].map((name) => ({
        ...plain,
        name,
        mutability: 'readOnly',
      })),
    },
  ]
}
