import "server-only";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import * as binding from "@prisma/schema-engine-wasm/schema_engine_bg";
import { MIGRATIONS_FOLDER, migrationNames } from "./pending-migrations.ts";

// Prisma's schema engine as WebAssembly. The native one is a download from a host of its own, which a closed network has
// not; this one comes with the packages and works through the driver adapter that the product uses anyway.

export type SchemaEngine = Awaited<ReturnType<typeof binding.SchemaEngine.new>>;

/** Without a list the engine leaves no table out. */
export const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** An engine that works on the adapter's database. Free it after use. */
export async function openSchemaEngine(adapter: SqlMigrationAwareDriverAdapterFactory): Promise<SchemaEngine> {
  await loadEngine();
  const { path, content } = schemaFile();
  return binding.SchemaEngine.new(
    { datamodels: [[path, content]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
}

/** prisma/schema.prisma, in the shape the engine takes. */
export function schemaFile(): { path: string; content: string } {
  const path = join(import.meta.dirname, "../../prisma/schema.prisma");
  return { path, content: readFileSync(path, "utf8") };
}

/** All migrations with their text, in the shape the engine takes. */
export function migrationList() {
  return {
    baseDir: MIGRATIONS_FOLDER,
    lockfile: {
      path: "migration_lock.toml",
      content: readFileSync(join(MIGRATIONS_FOLDER, "migration_lock.toml"), "utf8"),
    },
    shadowDbInitScript: "",
    migrationDirectories: migrationNames().map((name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok" as const, value: readFileSync(join(MIGRATIONS_FOLDER, name, "migration.sql"), "utf8") },
      },
    })),
  };
}

let loading: Promise<void> | undefined;

/** Loads the engine once: Node does not import .wasm files by itself, so the package's own loader is done by hand. */
function loadEngine(): Promise<void> {
  loading ??= (async () => {
    // The engine hands the reason of a panic to this global, and loses it when there is none.
    Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: reportPanic } });
    const folder = dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg"));
    const { instance } = await WebAssembly.instantiate(readFileSync(join(folder, "schema_engine_bg.wasm")), {
      "./schema_engine_bg.js": { ...binding, ...unreferencedTimers() },
    });
    Reflect.get(binding, "__wbg_set_wasm")(instance.exports);
    const start = instance.exports.__wbindgen_start;
    if (typeof start === "function") {
      start();
    }
  })();
  return loading;
}

/** The engine's timers (it gives up on a lock after ten seconds) outlive its work; they must not keep a command from ending. */
function unreferencedTimers(): Record<string, (callback: () => void, delayMs: number) => NodeJS.Timeout> {
  const names = Object.keys(binding).filter((name) => name.startsWith("__wbg_setTimeout_"));
  return Object.fromEntries(names.map((name) => [name, (callback, delayMs) => setTimeout(callback, delayMs).unref()]));
}

function reportPanic(message: string): never {
  throw new Error(`Prisma's schema engine: ${message}`);
}
