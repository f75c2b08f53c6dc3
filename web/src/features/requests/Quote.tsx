/** Words that somebody wrote, as they wrote them. */
export function Quote({ children }: { children: string }) {
  return (
    <blockquote className="quote" dir="auto">
      {children}
    </blockquote>
  );
}
