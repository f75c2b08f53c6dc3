import { describe, expect, it } from "vitest";

import { withFlash, withoutFlash, type ShownFlash } from "../src/app/shownFlashes";

const flash = (id: string, content: string, own = false): ShownFlash => ({
  id,
  type: "success",
  content,
  own,
});
const approved = flash("news-1", "approved");
const active = flash("news-1", "active");

describe("the flashes", () => {
  it("tell the last of what has the same id", () => {
    expect(withFlash([approved, flash("news-2", "denied")], active).map(({ content }) => content)).toEqual([
      "denied",
      "active",
    ]);
  });

  it("show each for its own time: that of one before it with the same id takes none away", () => {
    const shown = withFlash([approved], active);
    expect(withoutFlash(shown, approved)).toEqual([active]);
    expect(withoutFlash(shown, active)).toEqual([]);
  });

  it("tell only the last of what the reader did", () => {
    const [first, second] = [flash("a", "first", true), flash("b", "second", true)];
    expect(withFlash([first, approved], second)).toEqual([approved, second]);
  });

  it("are never more than five", () => {
    const shown = ["a", "b", "c", "d", "e", "f"].map((id) => flash(id, id)).reduce(withFlash, []);
    expect(shown.map(({ id }) => id).join("")).toBe("bcdef");
  });
});
