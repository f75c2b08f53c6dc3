import { useSyncExternalStore } from "react";

const narrow = matchMedia("(max-width: 688px)");

function subscribe(listener: () => void): () => void {
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
}

/** As it is at this moment, whatever was shown last. */
export const isPhone = () => narrow.matches;

export const useIsPhone = () => useSyncExternalStore(subscribe, isPhone);
