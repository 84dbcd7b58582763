import { randomBytes } from "node:crypto";
import { STRICT_TRANSPORT } from "@/domain/network/strict-transport.ts";

/**
 * What sonner puts into the page as a style of its own, once, without a nonce: let in by its digest. A test compares it with the package's text.
 */
export const SONNER_STYLE_DIGEST = "sha256-StEaX+se6YS7pqjzrzMIA0KaX9zF/8zAhvQXZAe5epY=";

/** Of no style at all: sonner puts its element into the page first, and its text into that. */
const EMPTY_STYLE_DIGEST = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

/** Where browsers tell what the policy has kept them from. */
export const CSP_REPORTS_PATH = "/csp-reports";

/** A text that no page's content can know beforehand (CSP level 3, 2.3.1: 128 bits or more). */
export function makeNonce(): string {
  return randomBytes(18).toString("base64");
}

/**
 * The console's content security policy. Scripts run by the nonce of their answer alone, and what they load with it; nothing comes from, or
 * goes to, another origin.
 *
 * Only style attributes are let in as they are: React writes them into what the server draws, widths of bars above all, and a nonce
 * cannot stand at an attribute. They can change how a page looks, and neither run nor load anything.
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}' '${SONNER_STYLE_DIGEST}' '${EMPTY_STYLE_DIGEST}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    `report-uri ${CSP_REPORTS_PATH}`,
  ].join("; ");
}

/** Headers of every answer of the console. */
export function securityHeaders(nonce: string, isTls: boolean): Readonly<Record<string, string>> {
  return {
    "content-security-policy": contentSecurityPolicy(nonce),
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ...(isTls && { "strict-transport-security": STRICT_TRANSPORT }),
  };
}
