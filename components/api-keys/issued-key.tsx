"use client";
import { useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import { keySnippets } from "#components/api-keys/snippets.ts";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { SecretOnce } from "#components/ui/secret-once.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { ApiKeyIssued } from "#lib/domain/api-key/schemas.ts";
import { ModelPage } from "#lib/domain/model/schemas.ts";
import { callApi } from "#lib/query/api-client.ts";

/** A key at the only moment its secret exists in clear, and the calls that work as pasted. */
export function IssuedKey({ issued, gatewayUrl }: { issued: z.output<typeof ApiKeyIssued>; gatewayUrl: string }) {
  const models = useQuery({
    queryKey: ["models"],
    queryFn: ({ signal }) => callApi(ModelPage, "GET", "/models", { signal }),
    enabled: issued.routes === null,
  });
  const isAwaited = issued.routes === null && models.isPending;
  const model = issued.routes?.[0] ?? models.data?.data[0]?.name ?? null;
  return (
    <SecretOnce label="Secret" secret={issued.secret}>
      {isAwaited ? (
        <Skeleton className="h-44 w-full rounded-lg" />
      ) : (
        <CodeBlock label="Call it" samples={keySnippets({ gatewayUrl, secret: issued.secret, model })} />
      )}
    </SecretOnce>
  );
}
