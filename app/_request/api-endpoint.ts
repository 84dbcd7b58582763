import "server-only";
import { headers } from "next/headers";
import { env } from "@/server/env.ts";

/** Host and port of the API, as a person who sees this console by its name would reach it. */
export async function apiEndpointOf(): Promise<string> {
  const host = (await headers()).get("host") ?? "localhost";
  const { hostname } = new URL(`http://${host}`);
  return `${hostname}:${env().API_PORT}`;
}
