import type { NextConfig } from "next";

const nextConfig: NextConfig = {
  // Packages that load native code or files beside their own; bundled they would not find them.
  serverExternalPackages: ["pg", "pg-boss", "pino", "lz4-napi", "undici", "@prisma/client", "@prisma/adapter-pg"],
  // The console has no pictures to optimise, so the endpoint that would do it is not opened.
  images: { unoptimized: true },
  // `npm run check` holds the types of the whole repository; the start of the product need not wait for that again.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  // What addresses mean is read on both sides, from the library's half for servers, which in a browser would be a second copy.
  turbopack: { resolveAlias: { "nuqs/server": { browser: "nuqs" } } },
  experimental: {
    // The API explorer sends PutEvents, whose 4 MB may take twice as much on the way, quoted as a text in a text.
    serverActions: { bodySizeLimit: "9mb" },
    // By itself Turbopack spares requests by merging parts into several chunks, and a page, its frame, its skeleton and its error page
    // each bring a copy of what they share: some 30 kB of a first load. Bytes are dearer here than requests.
    turbopackChunking: { requestCost: 4_000, minChunkSize: 8_000, maxMergeChunkSize: 8_000, firstPageLoadPriority: 0 },
  },
  // What a browser asks for by itself where no page has named an icon yet: a page's head may come after the rest, and a download has none.
  rewrites: async () => [{ source: "/favicon.ico", destination: "/icon.svg" }],
  agentRules: false,
};

export default nextConfig;
