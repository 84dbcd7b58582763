import { setNonce } from "get-nonce";
import { config } from "zod/v4/core";

// Runs in the browser before anything else of ours: what two libraries need to know of the content security policy (web/security-headers.ts).

// zod would otherwise try whether it may make code of texts, and each try is a breach.
config({ jitless: true });

// The style that keeps the page behind an open dialog from scrolling is made in the browser and needs the nonce of the page's own scripts. A
// nonce is hidden from selectors and readable by scripts alone.
setNonce(document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "");
