import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";

/** Nothing here, said kindly, with the way on. */
export function Empty({ title, hint, action }: { title: string; hint: string; action?: ReactNode }) {
  return (
    <Box textAlign="center" padding={{ vertical: "xxl" }} color="inherit">
      <SpaceBetween size="s">
        <Box variant="h2" tagOverride="p">
          {title}
        </Box>
        <Box color="text-body-secondary">{hint}</Box>
        {action}
      </SpaceBetween>
    </Box>
  );
}
