import { PrismaPg } from "@prisma/adapter-pg";
import { ColumnTypeEnum, type SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import type { Pool, QueryArrayConfig } from "pg";

/** The catalogue's own types, and the ones to report them as: "char" as char[], name as text, name[] as text[]. */
const REPORTED_TYPES = new Map([
  [18, 1002],
  [19, 25],
  [1003, 1009],
]);

/**
 * Prisma's adapter, able to read the catalogue: it refuses PostgreSQL's internal types, which every look at a live schema
 * meets. "char" goes by the detour of an array because the adapter reports no type as a single character.
 *
 * The pool stays the caller's to end.
 */
export function catalogAdapter(pool: Pool): SqlMigrationAwareDriverAdapterFactory {
  const query = pool.query.bind(pool);
  const reading = Object.assign(pool, {
    query: async (config: QueryArrayConfig) => {
      const result = await query(config);
      for (const field of result.fields) {
        field.dataTypeID = REPORTED_TYPES.get(field.dataTypeID) ?? field.dataTypeID;
      }
      return result;
    },
  });
  const factory = new PrismaPg(reading);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => {
      const adapter = await factory.connect();
      const queryRaw = adapter.queryRaw.bind(adapter);
      return Object.assign(adapter, {
        queryRaw: async (sql: Parameters<typeof queryRaw>[0]) => {
          const result = await queryRaw(sql);
          const columnTypes = result.columnTypes.map((type) =>
            type === ColumnTypeEnum.CharacterArray ? ColumnTypeEnum.Character : type,
          );
          return { ...result, columnTypes };
        },
      });
    },
    connectToShadowDb: () => {
      throw new Error("A shadow database is not for this adapter: with an address given as text it is the live one.");
    },
  };
}
