import { useQuery } from "@tanstack/react-query";

import * as api from "../../api/endpoints";

export const useSettings = (enabled = true) =>
  useQuery({ queryKey: ["settings"], queryFn: ({ signal }) => api.settings(signal), enabled });
