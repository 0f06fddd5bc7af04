"use client";
import { ApiKeyDetail } from "#components/api-keys/api-key-detail.tsx";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { Card } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { useApiKey } from "#lib/query/api-keys.ts";
import Loading from "./loading.tsx";

/** One key. */
export function ApiKeyClient({ id, gatewayUrl }: { id: string; gatewayUrl: string }) {
  const apiKey = useApiKey(id);
  if (apiKey.data) return <ApiKeyDetail apiKey={apiKey.data} gatewayUrl={gatewayUrl} />;
  const failure = queryErrorState(apiKey);
  return failure ? (
    <Card>
      <ErrorState {...failure} />
    </Card>
  ) : (
    <Loading />
  );
}
