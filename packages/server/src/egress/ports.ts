/**
 * Ports on which another protocol than HTTP is spoken: an HTTP request sent there could be taken for commands (mail,
 * FTP, IRC). The list is the WHATWG Fetch standard's "bad ports", https://fetch.spec.whatwg.org/#port-blocking,
 * without 1 (tcpmux) and 9 (discard): nothing there can be talked into anything, and people use them as an address
 * where nothing answers.
 */
const otherProtocols: ReadonlySet<number> = new Set([
  0, 7, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
  110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526,
  530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659,
  4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
])

export function speaksAnotherProtocol(port: number): boolean {
  return otherProtocols.has(port)
}

/**
 * Ports at which databases, caches, queues and the control of machines listen. A request that an editor of webhooks makes
 * there from inside could do harm: some of them do what any HTTP request says (2375, 9200, 10250), others read it as
 * commands (6379, 11211). None above 32767, where systems give out free ports.
 */
const innerServices: ReadonlySet<number> = new Set([
  ...[445, 873, 3389, 5900, 5985, 5986], // files and screens of other machines
  ...[2375, 2376, 2377, 2379, 2380, 10250, 10255], // Docker, etcd, Kubernetes
  ...[1433, 1521, 3306, 5432, 5984, 9042, 9200, 9300, 27017, 27018, 27019], // databases
  ...[2181, 5672, 6379, 9092, 11211], // coordination, queues, caches
])

/** Closed unless the operator opens the port. */
export function belongsToInnerService(port: number): boolean {
  return innerServices.has(port)
}
