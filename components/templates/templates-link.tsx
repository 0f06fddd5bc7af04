import Link from "next/link";
import { buttonClasses } from "#components/ui/button.tsx";

/** The way to the templates, beside the button that begins with nothing. */
export function TemplatesLink() {
  return (
    <Link href="/templates" prefetch={false} className={buttonClasses({})}>
      Start from a template
    </Link>
  );
}
