import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

export const OIDC_CLIENT = { id: "backtrail", secret: "secret of the client" } as const;

/** What the provider says of a person. */
export type Claims = {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
};

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

type Grant = {
  readonly claims: Claims;
  readonly nonce: string;
  readonly challenge: string;
  readonly redirectUri: string;
};

/** An OpenID provider on loopback: authorization code with PKCE (S256) and nonce, tokens signed with RS256. */
export class OidcProvider {
  readonly issuer: string;
  /** Signs tokens with a key that the provider does not publish. */
  signsWithOtherKey = false;
  /** What its discovery and its tokens name as their issuer. */
  namedIssuer: string;
  /** How many it has had. */
  requests = 0;
  readonly #server: Server;
  readonly #grants = new Map<string, Grant>();
  readonly #keys: KeyPair;
  readonly #otherKeys: KeyPair;

  private constructor(server: Server, keys: [KeyPair, KeyPair]) {
    this.#server = server;
    [this.#keys, this.#otherKeys] = keys;
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.namedIssuer = this.issuer;
    server.on("request", (request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<OidcProvider> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new OidcProvider(server, [await generateKeyPair("RS256"), await generateKeyPair("RS256")]);
  }

  closeConnections(): void {
    this.#server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.closeConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** What the browser would do at the provider: sign in as this person. Answers with the address that it is sent back to. */
  authorize(url: string, claims: Claims): string {
    const { searchParams } = new URL(url);
    const asked = (name: string) => searchParams.get(name) ?? "";
    const code = randomUUID();
    const redirectUri = asked("redirect_uri");
    this.#grants.set(code, { claims, nonce: asked("nonce"), challenge: asked("code_challenge"), redirectUri });
    return `${redirectUri}?${new URLSearchParams({ code, state: asked("state") })}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests++;
    switch (request.url) {
      case "/.well-known/openid-configuration":
        return answerJson(response, 200, {
          issuer: this.namedIssuer,
          authorization_endpoint: `${this.issuer}/authorize`,
          token_endpoint: `${this.issuer}/token`,
          jwks_uri: `${this.issuer}/jwks`,
          id_token_signing_alg_values_supported: ["RS256"],
        });
      case "/jwks":
        return answerJson(response, 200, {
          keys: [{ ...(await exportJWK(this.#keys.publicKey)), alg: "RS256", use: "sig", kid: "1" }],
        });
      case "/token":
        return await this.#grantToken(new URLSearchParams(await text(request)), response);
      default:
        return answerJson(response, 404, {});
    }
  }

  /** A code is good for one token, for who has the verifier of its challenge. */
  async #grantToken(form: URLSearchParams, response: ServerResponse): Promise<void> {
    const code = form.get("code") ?? "";
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const verifier = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (grant === undefined || grant.challenge !== verifier || form.get("redirect_uri") !== grant.redirectUri) {
      return answerJson(response, 400, { error: "invalid_grant" });
    }
    if (form.get("client_id") !== OIDC_CLIENT.id || form.get("client_secret") !== OIDC_CLIENT.secret) {
      return answerJson(response, 401, { error: "invalid_client" });
    }
    const idToken = await this.signIdToken(grant.claims, grant.nonce);
    answerJson(response, 200, {
      access_token: randomUUID(),
      refresh_token: randomUUID(),
      token_type: "Bearer",
      expires_in: 300,
      id_token: idToken,
    });
  }

  /** An identity token for this client, as a person gets it who signs in at the provider. */
  async signIdToken(claims: Claims, nonce: string): Promise<string> {
    const { privateKey } = this.signsWithOtherKey ? this.#otherKeys : this.#keys;
    return await new SignJWT({ ...claims, nonce })
      .setProtectedHeader({ alg: "RS256", kid: "1" })
      .setIssuer(this.namedIssuer)
      .setAudience(OIDC_CLIENT.id)
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(privateKey);
  }
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
