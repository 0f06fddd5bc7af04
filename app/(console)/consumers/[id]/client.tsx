"use client";
import { ConsumerDetail } from "#components/consumers/consumer-detail.tsx";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { Card } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { useConsumer } from "#lib/query/consumers.ts";
import Loading from "./loading.tsx";

/** One consumer. */
export function ConsumerClient({ id, gatewayUrl }: { id: string; gatewayUrl: string }) {
  const consumer = useConsumer(id);
  if (consumer.data) return <ConsumerDetail consumer={consumer.data} gatewayUrl={gatewayUrl} />;
  const failure = queryErrorState(consumer);
  return failure ? (
    <Card>
      <ErrorState {...failure} />
    </Card>
  ) : (
    <Loading />
  );
}
