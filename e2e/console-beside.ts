import { findFreePort, startProduct } from "@/testing/product-process.ts";

/** A console with settings of its own, on the database of the other tests. */
type ConsoleBeside = { readonly address: string; stop(): Promise<void> };

/**
 * Starts a console beside that of the other tests. After the fixture `product`, which has told this process its settings.
 * @param settingsAt those in which it differs, by the address that it is at
 */
export async function startConsoleBeside(
  settingsAt: (address: string) => Readonly<Record<string, string>>,
): Promise<ConsoleBeside> {
  const port = await findFreePort();
  const address = `http://127.0.0.1:${port}`;
  const settings = { PORT: String(port), NODE_ENV: "production", NODE_OPTIONS: "", ...settingsAt(address) };
  const web = await startProduct("web/main.ts", settings);
  return { address, stop: () => web.stop() };
}
