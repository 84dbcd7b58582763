import "server-only";
import { spawnSync } from "node:child_process";
import { chownSync } from "node:fs";
import { EmbeddedPostgresError } from "./embedded-error.ts";

/** How PostgreSQL's programs are started: it refuses to run as root. */
export type Unprivileged = {
  /** Program and arguments that run `program` without root's rights. */
  readonly commandLine: (program: string, args: readonly string[]) => [string, string[]];
  /** The user it runs as, when that is another than ours. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
};

/**
 * Finds the way that works here. For root that is a user namespace, in which root appears as an ordinary user and keeps
 * its access to the files; where the kernel or the container forbids namespaces, the user `nobody`.
 * @throws EmbeddedPostgresError when root is neither allowed a namespace nor is `nobody` able to enter the folders.
 */
export function findUnprivileged(program: string, folder: string): Unprivileged {
  if (process.getuid?.() !== 0) {
    return { commandLine: (file, args) => [file, [...args]], user: null };
  }
  const [inNamespace, ...namespaceArgs] = IN_NAMESPACE;
  if (spawnSync(inNamespace, [...namespaceArgs, "true"]).status === 0) {
    return { commandLine: (file, args) => [inNamespace, [...namespaceArgs, file, ...args]], user: null };
  }
  if (
    spawnSync(program, ["--version"], NOBODY).status !== 0 ||
    spawnSync("test", ["-x", folder], NOBODY).status !== 0
  ) {
    throw new EmbeddedPostgresError(
      `PostgreSQL does not run as root, and the user "nobody" cannot enter ${folder} and ${program}: ` +
        "start Backtrail as an ordinary user, move it to folders that everybody may enter, or set DATABASE_URL.",
    );
  }
  return { commandLine: (file, args) => [file, [...args]], user: NOBODY };
}

/** Gives a folder to the user that the database will run as. */
export function handOver(folder: string, unprivileged: Unprivileged): void {
  if (unprivileged.user !== null) {
    chownSync(folder, unprivileged.user.uid, unprivileged.user.gid);
  }
}

/** The words before a program that start it in a user namespace, where root is user 1000. */
const IN_NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000"] as const;
const NOBODY = { uid: 65_534, gid: 65_534 };
