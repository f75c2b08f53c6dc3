import Link from "@cloudscape-design/components/link";

/** A ticket that is an address can be opened. NB. Nothing but https: people write these. */
export function Ticket({ ticket }: { ticket: string }) {
  if (!/^https:\/\/\S+$/.test(ticket)) return <span className="ticket">{ticket}</span>;
  return (
    <Link href={ticket} external rel="noopener noreferrer">
      <span className="ticket">{ticket}</span>
    </Link>
  );
}
