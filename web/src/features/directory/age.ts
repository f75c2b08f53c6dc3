import type { Me } from "../../api/types";

/** Older than this the directory is not what people expect any more: ten syncs were missed. */
const OLD_MS = 30 * 60_000;

/** Whether lists of people and accounts are of another time, both by the server's own clock. */
export const isDirectoryOld = ({ now, directory_synced_at }: Pick<Me, "now" | "directory_synced_at">) =>
  Date.parse(now) - Date.parse(directory_synced_at) > OLD_MS;
