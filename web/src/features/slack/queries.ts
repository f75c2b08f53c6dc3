import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import * as api from "../../api/endpoints";
import type { Person, SlackAccount } from "../../api/types";
import { useFlashes } from "../../app/flashes";
import { useText } from "../../i18n/useText";

/** What is given in Slack shows here soon. */
const LOOK_EVERY_MS = 5000;

/** The accounts that speak for whoever is signed in; looked at again and again while a code may be given. */
export const useMySlackAccounts = (expecting: boolean, enabled = true) =>
  useQuery({
    enabled,
    queryKey: ["slack-links", "mine"],
    queryFn: ({ signal }) => api.mySlackLinks(signal),
    refetchInterval: expecting ? LOOK_EVERY_MS : false,
  });

/** Everybody's, page by page. */
export function useSlackAccounts() {
  const query = useInfiniteQuery({
    queryKey: ["slack-links", "all"],
    queryFn: ({ signal, pageParam }) => api.slackLinks({ limit: 100, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) };
}

/** Ends a link: one's own, or somebody's. */
export function useUnlink() {
  const text = useText();
  const client = useQueryClient();
  const { show } = useFlashes();
  return useMutation({
    mutationFn: ({ account, person }: { account: SlackAccount; person: Person | undefined }) =>
      api.unlinkSlack(account, person?.id),
    onSuccess: () => {
      show({ own: true, type: "success", content: text("slack.unlinked") });
      return client.invalidateQueries({ queryKey: ["slack-links"] });
    },
  });
}
