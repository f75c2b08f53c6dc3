import { useSyncExternalStore } from "react";

const narrow = matchMedia("(max-width: 688px)");

function subscribe(listener: () => void): () => void {
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
}

export const useIsPhone = () => useSyncExternalStore(subscribe, () => narrow.matches);
