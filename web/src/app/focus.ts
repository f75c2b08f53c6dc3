/** The heading of the page in sight. */
export function focusHeading(): boolean {
  const heading = document.querySelector<HTMLElement>(".page-title");
  heading?.focus({ preventScroll: true });
  return heading !== null;
}
