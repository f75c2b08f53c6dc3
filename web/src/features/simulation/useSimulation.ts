import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";

import * as api from "../../api/endpoints";
import { Unreachable } from "../../api/problem";
import type { FaultKind, Page, RequestView, Simulation } from "../../api/types";
import { observeServerNow, serverNow } from "../../time/serverClock";
import {
  countedKept,
  currentLife,
  heardFrom,
  live,
  lostContact,
  notCrashed,
  pressedCrash,
  tally,
  type Instant,
} from "./kariLife";

const KEY = ["simulation"];

const rightNow = (): Instant => ({ real: Date.now(), server: serverNow() });

/** The state of the simulation; while Kari is down it is asked for often, to see it come back. */
export function useSimulation() {
  const client = useQueryClient();
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => look(client, signal),
    refetchInterval: () => (currentLife().up ? 1000 : 100),
    retry: false,
  });
}

async function look(client: QueryClient, signal: AbortSignal): Promise<Simulation> {
  try {
    const simulation = await api.simulation(signal);
    observeServerNow(simulation.now);
    if (live((life) => heardFrom(life, simulation.boot, rightNow()))) void afterRestart(client);
    return simulation;
  } catch (error) {
    if (error instanceof Unreachable) live((life) => lostContact(life, rightNow()));
    throw error;
  }
}

/** Asks for every request that was known before the crash: the claim that nothing is lost is checked. */
async function afterRestart(client: QueryClient): Promise<void> {
  const lists = client.getQueriesData<{ pages: Page<RequestView>[] }>({ queryKey: ["requests"] });
  const known = lists.flatMap(([, list]) => list?.pages.flatMap((page) => page.items) ?? []);
  const ids = [...new Set(known.map(({ id }) => id))].slice(0, 50);
  const answers = await Promise.allSettled(ids.map((id) => api.request(id)));
  const { before, after } = tally(answers);
  if (before > 0 || ids.length === 0) live((life) => countedKept(life, before, after));
  await client.invalidateQueries();
}

export function useIdentityCenter() {
  return useQuery({
    queryKey: ["identity-center"],
    queryFn: ({ signal }) => api.identityCenter(signal),
    refetchInterval: 1000,
    retry: false,
  });
}

export function useSkip() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (minutes: number) => api.skipTime(minutes),
    onSuccess: (simulation) => {
      observeServerNow(simulation.now);
      client.setQueryData(KEY, simulation);
      return client.invalidateQueries();
    },
  });
}

export function useFault() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (kind: FaultKind) => api.injectFault(kind),
    onSuccess: (simulation) => client.setQueryData(KEY, simulation),
  });
}

export function useCrash() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      live((life) => pressedCrash(life, rightNow()));
      try {
        await api.crash();
      } catch (error) {
        // The process may die before its answer leaves: that is what was asked for.
        if (error instanceof Unreachable) return;
        live(notCrashed);
        throw error;
      }
    },
    // Looked at right away, because it is back sooner than the next look would come.
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
