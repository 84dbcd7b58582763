import type { Page, Request } from "@playwright/test";

/** The request of a server action, to be sent by somebody else. */
export type CapturedAction = { readonly url: string; readonly headers: Record<string, string>; readonly body: string };

/** The request that `act` makes the browser send, kept from reaching the server. */
export async function captureAction(
  page: Page,
  url: string | RegExp,
  act: () => Promise<void>,
): Promise<CapturedAction> {
  const { promise, resolve } = Promise.withResolvers<Request>();
  await page.route(url, async (route) => {
    if (route.request().method() === "POST") {
      resolve(route.request());
      await route.abort();
    } else {
      await route.fallback();
    }
  });
  await act();
  const request = await promise;
  await page.unrouteAll();
  const { cookie: _cookie, ...headers } = await request.allHeaders();
  return { url: request.url(), headers: ownHeaders(headers), body: request.postData() ?? "" };
}

/** Headers that the next request makes for itself, or that HTTP/2 writes as such, are left out. */
function ownHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith(":") && !["host", "content-length"].includes(name)),
  );
}

/** Sends a captured request as whoever is signed in now, and answers with what came back. */
export async function sendAction(page: Page, { url, headers, body }: CapturedAction): Promise<string> {
  const response = await page.request.post(url, { headers, data: body });
  return response.text();
}
