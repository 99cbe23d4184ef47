/** The gate in front of every dial: from a host to the addresses that may be dialled for it, or a failure. */
import { isIP } from 'node:net'
import { type AddressPolicy, isOfThisMachine, judgeAddress } from './address-rules.ts'
import { refusedAddress } from './endpoint-url.ts'
import { ExchangeFailed } from './failure.ts'
import { addressPolicy, type EgressPolicy, opensName } from './policy.ts'
import type { Lookup, ResolveName } from './resolve.ts'

/** No receiver has more; each has to be judged. */
const maxAddresses = 256

/** The addresses of a host in canonical form, IPv4 first. Throws `ExchangeFailed`. */
export type Vet = (host: string, port: number) => Promise<readonly string[]>

/** Judges IP literals and every address of a name; one that is closed refuses the name. */
export function createVet(policy: EgressPolicy, resolveName: ResolveName): Vet {
  function addressesOf(host: string, port: number, found: readonly string[], nameOpened: boolean) {
    const rules = addressPolicy(policy)
    const addresses = judged(host, found, rules, nameOpened)
    if (port === policy.ownPort?.() && addresses.some((address) => isOfThisMachine(address, rules))) {
      throw blocked(`${host} may not be called at port ${port}: that is Keyhook itself.`, false)
    }
    return addresses
  }
  return async (host, port) => {
    if (isIP(host) !== 0) return addressesOf(host, port, [host], false)
    const lookup = await resolveName(host)
    if (!lookup.ok) throw unresolved(host, lookup.problem)
    return addressesOf(host, port, lookup.addresses, opensName(policy, host))
  }
}

function judged(
  host: string,
  addresses: readonly string[],
  rules: AddressPolicy,
  nameOpened: boolean,
): string[] {
  if (addresses.length > maxAddresses) {
    throw blocked(`${host} has ${addresses.length} addresses; at most ${maxAddresses} are looked at.`, true)
  }
  const dialled = addresses.map((address) => {
    const verdict = judgeAddress(address, rules, nameOpened)
    if (verdict.allowed) return verdict.address
    // The address of a name is not told: who may edit webhooks should not learn the inner network from us.
    const finding =
      address === host
        ? `${host} may not be called: it is ${verdict.what}.`
        : `${host} may not be called: it leads to ${verdict.what}.`
    throw blocked(finding, verdict.operatorMayOpen)
  })
  // IPv4 first: of a name that has both, hosts without IPv6 routes are the more frequent surprise.
  return [...new Set(dialled)].sort((a, b) => Number(a.includes(':')) - Number(b.includes(':')))
}

function blocked(finding: string, operatorMayOpen: boolean): ExchangeFailed {
  const { advice } = refusedAddress(finding, { operatorMayOpen })
  return new ExchangeFailed({ reason: 'address_blocked', finding, advice })
}

function unresolved(host: string, problem: Extract<Lookup, { ok: false }>['problem']): ExchangeFailed {
  if (problem === 'not_found') {
    return new ExchangeFailed({
      reason: 'connection',
      finding: `The name ${host} was not found: DNS has no address for it.`,
      advice: 'Check the spelling of the endpoint URL.',
    })
  }
  return new ExchangeFailed({
    reason: problem === 'timeout' ? 'timeout' : 'connection',
    finding:
      problem === 'timeout'
        ? `The name ${host} could not be looked up: DNS did not answer in time.`
        : `The name ${host} could not be looked up: DNS answered with an error.`,
    advice: 'Check the DNS servers of the domain and of the machine that Keyhook runs on.',
  })
}
