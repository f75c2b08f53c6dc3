import Button, { type ButtonProps } from "@cloudscape-design/components/button";
import Link, { type LinkProps } from "@cloudscape-design/components/link";
import { useNavigate } from "react-router";

interface Following {
  detail: { href?: string | undefined; external?: boolean | undefined };
  preventDefault: () => void;
}

/** Lets the router follow links of our own; modifier keys keep opening tabs. */
export function useFollow(): (event: Following) => void {
  const navigate = useNavigate();
  return (event) => {
    const { href, external } = event.detail;
    if (href === undefined || external === true || !href.startsWith("/")) return;
    event.preventDefault();
    void navigate(href);
  };
}

export function RouteLink(props: LinkProps & { href: string }) {
  return <Link {...props} onFollow={useFollow()} />;
}

export function RouteButton(props: ButtonProps & { href: string }) {
  return <Button {...props} onFollow={useFollow()} />;
}
