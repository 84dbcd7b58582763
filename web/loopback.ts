const LOOPBACKS: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** Where this process reaches what it listens on: a host that stands for all of the machine's is reached on loopback. */
export function loopbackOf(host: string): string {
  return LOOPBACKS[host] ?? host;
}
