import { notFound } from "next/navigation";
import { DomainError } from "#lib/domain/errors.ts";

/** Reads for the first paint. What the domain refuses becomes null: the browser asks again and shows the refusal. */
export async function firstRead<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

/** Reads the one thing a page is about. What does not exist, or is not the viewer's to know of, is a page not found. */
export async function readOrNotFound<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DomainError && (error.code === "not_found" || error.code === "invalid_request")) notFound();
    throw error;
  }
}
