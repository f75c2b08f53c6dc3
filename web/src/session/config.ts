import { Unreachable } from "../api/problem";
import type { PortalConfig } from "../api/types";

export async function loadConfig(): Promise<PortalConfig> {
  const response = await fetch("/config.json", { cache: "no-cache" }).catch((error: unknown) => {
    throw new Unreachable(String(error));
  });
  if (!response.ok) throw new Unreachable(`/config.json: ${response.status}`);
  return (await response.json()) as PortalConfig;
}
