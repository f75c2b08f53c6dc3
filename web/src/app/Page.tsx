import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import { useEffect, useRef, type ReactNode } from "react";

import { useWaitingForMe } from "../features/reviews/useToReview";

interface Props {
  title: string;
  /** The same in more than plain text. */
  heading?: ReactNode;
  description?: ReactNode;
  counter?: string | undefined;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page with its heading; the title of the window follows it and says how much waits. */
export function Page({ title, heading = title, description, counter, actions, children }: Props) {
  const waiting = useWaitingForMe();
  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ""}${title} · Kari`;
  }, [title, waiting]);
  const focused = useRef<HTMLSpanElement>(null);
  // Somebody who arrived before there was a heading waits for it on the content around it.
  useEffect(() => {
    if (document.activeElement?.classList.contains("content") === true)
      focused.current?.focus({ preventScroll: true });
  }, []);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={description} counter={counter} actions={actions}>
          <span className="page-title" ref={focused} tabIndex={-1}>
            {heading}
          </span>
        </Header>
      }
    >
      {children}
    </ContentLayout>
  );
}
