"use client";
import { useRouter } from "next/navigation";
import { toast } from "#components/ui/toast.ts";

/** Says that an edit is in the draft and not live yet, with the way to publishing it. */
export function useSavedToDraft(): (what: string) => void {
  const router = useRouter();
  return (what) => {
    toast.success("Saved to the draft", {
      description: `${what} Publish to make it live.`,
      action: { label: "Review and publish", onClick: () => router.push("/revisions") },
    });
  };
}
