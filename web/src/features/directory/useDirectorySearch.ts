import type { MultiselectProps } from "@cloudscape-design/components/multiselect";
import { useQueries, useQueryClient } from "@tanstack/react-query";

import * as api from "../../api/endpoints";
import type { DirectoryParts, Unit } from "../../api/types";
import { newestAnswer } from "../../app/newestAnswer";
import { useDebounced } from "../../app/useDebounced";
import { useText } from "../../i18n/useText";

export type Part = keyof DirectoryParts;
export type Option = MultiselectProps.Option & { value: string };

const SHOWN = 30;

interface Found {
  options: Option[];
  more: boolean;
}

/** What is found in parts of the directory; the server searches by names, ids and what lies above. */
export function useDirectorySearch(parts: Part[], typed: string, open: boolean) {
  const search = useDebounced(typed);
  const toOption = useOptions();
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- what comes back follows from the part
  const find = async <P extends Part>(part: P, signal: AbortSignal): Promise<Found> => {
    const { items, next } = await api.directory(part, { search, limit: SHOWN }, signal);
    return { options: items.map(toOption[part]), more: next !== null };
  };
  const client = useQueryClient();
  const answers = useQueries({
    queries: parts.map((part) => ({
      queryKey: ["directory", "search", part, search],
      queryFn: ({ signal }: { signal: AbortSignal }) => find(part, signal),
      enabled: open,
      staleTime: 60_000,
      placeholderData: () => newestAnswer(client, ["directory", "search", part]) as Found | undefined,
    })),
  });
  return {
    found: parts.map((part, index) => ({ part, options: answers[index]?.data?.options ?? [] })),
    more: answers.some(({ data }) => data?.more === true),
    status: answers.some(({ isError }) => isError)
      ? ("error" as const)
      : answers.some(({ isFetching }) => isFetching)
        ? ("loading" as const)
        : ("finished" as const),
    retry: () => answers.forEach(({ refetch }) => void refetch()),
  };
}

const pathOf = (path: Unit[]) =>
  path
    .slice(1)
    .map(({ name }) => name)
    .join(" / ");

/** How the things of the directory look in a list. */
function useOptions(): { [P in Part]: (item: DirectoryParts[P]) => Option } {
  const text = useText();
  return {
    users: ({ id, display_name, user_name, enabled }) => ({
      value: id,
      label: display_name,
      labelTag: user_name,
      ...(enabled ? {} : { description: text("directory.disabledUser") }),
    }),
    groups: ({ id, display_name, members_count }) => ({
      value: id,
      label: display_name,
      labelTag: text("directory.members", { count: members_count }),
    }),
    accounts: ({ id, name, path, status, management }) => ({
      value: id,
      label: name,
      labelTag: id,
      description: [
        pathOf(path),
        management ? text("directory.management") : "",
        status === "active" ? "" : text("directory.inactiveAccount"),
      ]
        .filter((part) => part !== "")
        .join(" · "),
    }),
    units: ({ id, name, path, accounts_count }) => ({
      value: id,
      label: name,
      labelTag: text("directory.accounts", { count: accounts_count }),
      description: pathOf(path),
    }),
    "permission-sets": ({ arn, name, description }) => ({ value: arn, label: name, description }),
  };
}
