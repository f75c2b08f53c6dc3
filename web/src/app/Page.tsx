import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import { useEffect, type ReactNode } from "react";

interface Props {
  title: string;
  description?: ReactNode;
  counter?: string | undefined;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page with its heading; the title of the window follows it. */
export function Page({ title, description, counter, actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Kari`;
  }, [title]);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={description} counter={counter} actions={actions}>
          {title}
        </Header>
      }
    >
      {children}
    </ContentLayout>
  );
}
