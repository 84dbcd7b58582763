import { auth } from "@/server/access/auth.ts";

const ORIGIN = "http://console.example:3000";

let addresses = 0;

/** A browser as better-auth sees it through web/main.ts: it keeps cookies and comes from one address. */
export class AuthClient {
  readonly cookies = new Map<string, string>();
  readonly #address: string;

  /** Without an address it gets one that no other client has. */
  constructor(address = `10.${++addresses >> 16}.${(addresses >> 8) & 255}.${addresses & 255}`) {
    this.#address = address;
  }

  post(path: string, body: object): Promise<Response> {
    return this.#send(path, { method: "POST", body: JSON.stringify(body) });
  }

  get(path: string): Promise<Response> {
    return this.#send(path, { method: "GET" });
  }

  signIn(email: string, password: string): Promise<Response> {
    return this.post("/sign-in/email", { email, password });
  }

  /** The person that the cookies open a session of, or null. */
  async findSession() {
    return await auth().api.getSession({ headers: this.headers() });
  }

  headers(): Headers {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    return new Headers({
      "content-type": "application/json",
      host: new URL(ORIGIN).host,
      origin: ORIGIN,
      "sec-fetch-site": "same-origin",
      "sec-fetch-mode": "cors",
      "x-forwarded-for": this.#address,
      "user-agent": "Test browser",
      cookie,
    });
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const request = new Request(`${ORIGIN}/api/auth${path}`, { ...init, headers: this.headers() });
    const response = await auth().handler(request);
    this.keepCookies(response.headers);
    return response;
  }

  /** What the browser does with the cookies of an answer. */
  keepCookies(answered: Headers): void {
    for (const cookie of answered.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/max-age=0/i.test(cookie)) {
        this.cookies.delete(name);
      } else {
        this.cookies.set(name, value);
      }
    }
  }
}
