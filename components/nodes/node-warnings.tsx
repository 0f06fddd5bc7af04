import { Notice } from "#components/ui/notice.tsx";
import type { NodeView } from "#lib/domain/node/schemas.ts";

const titles: Record<NodeView["warnings"][number]["code"], string> = {
  version_not_supported: "is of a release that does not work with this control plane",
  version_older: "is one release older",
  version_newer: "is one release newer",
  fields_not_understood: "says or hears what the other side does not know",
  clock_skew: "has a wrong clock",
  epoch_ahead: "comes from a later life of this installation",
};

/** What somebody should look at, of one node. */
export function WarningNotices({ node }: { node: NodeView }) {
  return node.warnings.map(({ code, detail }) => (
    <Notice
      key={code}
      tone={code === "version_not_supported" || code === "epoch_ahead" ? "danger" : "warning"}
      title={`${node.name} ${titles[code]}`}
    >
      {detail} <span className="text-muted">({code})</span>
    </Notice>
  ));
}
