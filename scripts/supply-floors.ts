type Floor = {
  readonly name: string;
  readonly floor: string;
  /** Where older majors have it closed, too. */
  readonly backport?: string;
  readonly why: string;
};

/**
 * Versions below which a hole is known that would concern us, by package. An update that would go below one, in whatever way, fails a test
 * (scripts/supply.test.ts). Add a line when an advisory is published; never take one out.
 */
export const FLOORS: readonly Floor[] = [
  {
    name: "next",
    floor: "16.4.2",
    why: "holes of earlier 16 releases, remote code execution in the RSC protocol among them",
  },
  { name: "react", floor: "19.2.1", why: "CVE-2025-55182: remote code execution in the RSC protocol" },
  { name: "react-dom", floor: "19.2.1", why: "released with react" },
  { name: "better-auth", floor: "1.7.25", why: "the latest patch when sign-in was hardened" },
  { name: "undici", floor: "7.2.3", why: "CVE-2025-22150: guessable multipart boundaries" },
  { name: "fastify", floor: "5.7.2", why: "CVE-2025-32442, CVE-2026-25223: content types that pass by validation" },
  {
    name: "nodemailer",
    floor: "7.0.11",
    why: "CVE-2025-13033: mail to another domain than the address has; CVE-2025-14874: exhaustion by an address",
  },
  { name: "protobufjs", floor: "7.2.5", backport: "6.11.4", why: "CVE-2023-36665: prototype pollution" },
  { name: "jose", floor: "4.15.5", why: "CVE-2024-28176: exhaustion by compressed tokens" },
  { name: "esbuild", floor: "0.25.0", why: "GHSA-67mh-4wv8-f99g: any site reads from the development server" },
  { name: "postcss", floor: "8.4.31", why: "CVE-2023-44270: line breaks hide what follows" },
];
