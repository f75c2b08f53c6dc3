import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import { inOrderSeen, useOrderSeen } from "../src/features/requests/useOrderSeen";

const listed = (ids: string) => Array.from(ids).map((id) => ({ id }));
const seen = (before: string, now: string) =>
  inOrderSeen(Array.from(before), listed(now))
    .map(({ id }) => id)
    .join("");

describe("a list with buttons", () => {
  it("is at first as the API has it", () => {
    expect(seen("", "cba")).toBe("cba");
  });

  it("keeps what was seen where it was, and has what is new at its end", () => {
    expect(seen("cba", "dcba")).toBe("cbad");
    expect(seen("cbad", "fedcba")).toBe("cbadfe");
  });

  it("closes up where something is gone, which is new if it comes back", () => {
    expect(seen("cbad", "dca")).toBe("cad");
    expect(seen("cad", "dcba")).toBe("cadb");
  });

  it("has a further page after the first one", () => {
    expect(seen("dc", "dcba")).toBe("dcba");
  });

  it("is settled once it is shown, also where two pages tell of the same", () => {
    const List = () => useOrderSeen(listed("cbba")).map(({ id }) => id);
    expect(renderToStaticMarkup(createElement(List))).toBe("cbba");
  });
});
